# Uses volumes of the host.
job "volumes" {
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
    volume "writable" {
      type   = "host"
      source = "writable"
    }
    volume "read-only" {
      type      = "host"
      source    = "read-only"
      read_only = true
    }
    task "task" {
      driver = "jail-task-driver"
      volume_mount {
        volume      = "writable"
        destination = "/writable"
      }
      volume_mount {
        volume      = "read-only"
        destination = "/srv/read-only"
        read_only   = true
      }
      config {
        command = "/bin/sh"
        args    = ["-c", "cat /srv/read-only/mine; echo written >/writable/by-the-task; touch /srv/read-only/x; rm /srv/read-only/mine; true"]
      }
    }
  }
}
