# Fails each time.
job "too-many-restarts" {
  datacenters = ["dc1"]
  type        = "batch"
  group "group" {
    reschedule {
      attempts  = 0
      unlimited = false
    }
    restart {
      attempts = 1
      interval = "10m"
      delay    = "0s"
      mode     = "fail"
    }
    task "task" {
      driver = "jail-task-driver"
      config {
        command = "/bin/sh"
        args    = ["-c", "echo try; exit 3"]
      }
    }
  }
}
