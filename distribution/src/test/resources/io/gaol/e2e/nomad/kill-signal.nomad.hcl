# Ends by itself when it is asked in its own way.
job "kill-signal" {
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
      kill_signal  = "SIGUSR1"
      kill_timeout = "25s"
      config {
        command = "/bin/sh"
        args    = ["-c", "trap 'echo asked; exit 7' USR1; echo ready; while :; do sleep 0.1; done"]
      }
    }
  }
}
