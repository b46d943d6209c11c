# Wants a root that its operator does not permit.
job "foreign-root" {
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
        Path    = "/"
        command = "/bin/true"
      }
    }
  }
}
