# Runs until something is written to /local/end. It has no other process meanwhile.
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
        args    = ["-c", "[ -p /local/end ] || mkfifo /local/end; echo ready; read line </local/end; echo ended; exit 23"]
      }
    }
  }
}
