# Fails twice, then succeeds. What it wrote to /alloc outlives each start.
job "restarts" {
  datacenters = ["dc1"]
  type        = "batch"
  group "group" {
    reschedule {
      attempts  = 0
      unlimited = false
    }
    restart {
      attempts = 2
      interval = "10m"
      delay    = "0s"
      mode     = "fail"
    }
    task "task" {
      driver = "jail-task-driver"
      config {
        command = "/bin/sh"
        args    = ["-c", "echo start >>/alloc/data/starts; wc -l </alloc/data/starts; [ $(wc -l </alloc/data/starts) = 3 ]"]
      }
    }
  }
}
