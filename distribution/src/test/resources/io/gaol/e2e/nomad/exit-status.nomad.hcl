# Ends with a status of its own.
job "exit-status" {
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
        command = "/bin/sh"
        args    = ["-c", "exit 42"]
      }
    }
  }
}
