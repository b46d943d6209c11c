# Four instances, each of which waits for the others.
job "instances" {
  datacenters = ["dc1"]
  type        = "batch"
  group "group" {
    count = 4
    restart {
      attempts = 0
      mode     = "fail"
    }
    reschedule {
      attempts  = 0
      unlimited = false
    }
    volume "writable" {
      type   = "host"
      source = "writable"
    }
    task "task" {
      driver = "jail-task-driver"
      volume_mount {
        volume      = "writable"
        destination = "/writable"
      }
      resources {
        cpu    = 50
        memory = 32
      }
      config {
        command = "/bin/sh"
        args    = ["-c", "touch /writable/instance-$NOMAD_ALLOC_INDEX; until [ $(ls /writable | grep -c instance) = 4 ]; do sleep 0.1; done; echo all are here"]
      }
    }
  }
}
