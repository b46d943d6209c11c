# The task of "Task Configuration" in Nomad's page on the exec driver.
#
# On Linux: runs where there is a my-binary in /usr/local/bin, /usr/bin or another folder of the PATH.
job "exec-my-binary" {
  type = "batch"
  group "exec-my-binary" {
    restart {
      attempts = 0
      mode     = "fail"
    }
    task "webservice" {
      driver = "exec"
      config {
        command = "my-binary"
        args = ["-flag", "1"]
      }
    }
  }
}
