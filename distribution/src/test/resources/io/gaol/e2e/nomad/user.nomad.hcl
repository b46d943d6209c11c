# Says who it is, and what it may write.
job "user" {
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
      user   = "nobody"
      config {
        command = "/bin/sh"
        args    = ["-c", "id -u; id -g; touch /local/mine /alloc/data/mine /tmp/mine && echo may write; touch /etc/mine"]
      }
    }
  }
}
