# Runs a program that is not in the jail.
job "missing-command" {
  datacenters = ["dc1"]
  type        = "batch"
  group "group" {
    restart {
      attempts = 0
      mode     = "fail"
    }
    reschedule {
      attempts  = 0
      unlimited = false
    }
    task "task" {
      driver = "jail-task-driver"
      config {
        command = "/bin/no-such-program"
      }
    }
  }
}
