# Wants to run a command on the host.
job "host-hook" {
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
        Exec_prestart = "touch @FILE@"
        command       = "/bin/true"
      }
    }
  }
}
