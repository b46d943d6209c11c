# "To execute a binary downloaded from an artifact", of Nomad's page on the exec driver.
#
# On Linux: refused. The checksum stands for a real one, which has 64 hexadecimal digits.
job "exec-artifact" {
  type = "batch"
  group "exec-artifact" {
    restart {
      attempts = 0
      mode     = "fail"
    }
    task "example" {
      driver = "exec"
      config {
        command = "name-of-my-binary"
      }
      artifact {
        source = "https://internal.file.server/name-of-my-binary"
        options {
          checksum = "sha256:abd123445ds4555555555"
        }
      }
    }
  }
}
