# The example of cap_add of Nomad's page on the exec driver, with a command.
#
# On Linux: refused. Choosing capabilities is not built yet.
job "exec-cap-add" {
  type = "batch"
  group "exec-cap-add" {
    restart {
      attempts = 0
      mode     = "fail"
    }
    task "example" {
      driver = "exec"
      config {
        cap_add = ["net_raw", "sys_time"]
        command = "/bin/true"
      }
    }
  }
}
