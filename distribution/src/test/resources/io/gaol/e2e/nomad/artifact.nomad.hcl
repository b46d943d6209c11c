# Reads a file that the agent fetched.
job "artifact" {
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
      artifact {
        source      = "http://127.0.0.1:@PORT@/greeting.txt"
        destination = "local"
        options {
          checksum = "sha256:@CHECKSUM@"
        }
      }
      config {
        command = "/bin/sh"
        args    = ["-c", "cat /local/greeting.txt"]
      }
    }
  }
}
