# Runs until there is a file /local/end.
job "waiting" {
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
      env {
        MINE = "of the task"
      }
      config {
        command = "/bin/sh"
        args    = ["-c", "echo ready; until [ -e /local/end ]; do sleep 0.1; done; echo ended; exit 23"]
      }
    }
  }
}
