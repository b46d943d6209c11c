# Says which signals it gets.
job "signal" {
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
        args    = ["-c", "trap 'echo hangup' HUP; trap 'echo user1' USR1; echo ready; while :; do sleep 0.1; done"]
      }
    }
  }
}
