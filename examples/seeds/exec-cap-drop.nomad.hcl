# The example of cap_drop of Nomad's page on the exec driver, with a command.
#
# On Linux: refused. Choosing capabilities is not built yet.
job "exec-cap-drop" {
  type = "batch"
  group "exec-cap-drop" {
    restart {
      attempts = 0
      mode     = "fail"
    }
    task "example" {
      driver = "exec"
      config {
        cap_drop = ["all"]
        cap_add = ["chown", "sys_chroot", "mknod"]
        command = "/bin/true"
      }
    }
  }
}
