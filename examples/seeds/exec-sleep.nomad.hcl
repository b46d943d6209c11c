# "To run a binary present on the Node", of Nomad's page on the exec driver.
#
# On Linux: runs as it is.
job "exec-sleep" {
  type = "batch"
  group "exec-sleep" {
    restart {
      attempts = 0
      mode     = "fail"
    }
    task "example" {
      driver = "exec"
      config {
        # When running a binary that exists on the host, the path must be absolute.
        command = "/bin/sleep"
        args = ["1"]
      }
    }
  }
}
