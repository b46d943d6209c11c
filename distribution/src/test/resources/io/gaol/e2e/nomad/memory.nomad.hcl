# Uses more memory than it may.
job "memory" {
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
      resources {
        cpu    = 100
        memory = 32
      }
      config {
        command = "/usr/bin/tail"
        args    = ["/dev/zero"]
      }
    }
  }
}
