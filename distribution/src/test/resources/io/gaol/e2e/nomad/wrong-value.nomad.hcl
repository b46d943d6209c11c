# Has a value that the parameter does not take.
job "wrong-value" {
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
        Persist = "perhaps"
        command = "/bin/true"
      }
    }
  }
}
