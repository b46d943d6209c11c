# Writes to both streams.
job "output" {
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
        args    = ["-c", "echo to stdout; echo to stderr >&2"]
      }
    }
  }
}
