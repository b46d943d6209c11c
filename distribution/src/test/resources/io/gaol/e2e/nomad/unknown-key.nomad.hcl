# Has a key that the driver does not know.
job "unknown-key" {
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
        Exec_strat = "/bin/true"
      }
    }
  }
}
