# Ends only when it is killed.
job "deaf" {
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
      driver       = "jail-task-driver"
      kill_timeout = "1s"
      config {
        command = "/bin/sh"
        args    = ["-c", "trap '' TERM INT; echo ready; while :; do sleep 0.1; done"]
      }
    }
  }
}
