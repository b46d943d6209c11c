job "j" {
  group "g" {
    network {
      port "http" {}
    }
    service {
      name         = "${JOB}-${TASKGROUP}"
      port         = "http"
      tags         = ["a", "b${NOMAD_ALLOC_INDEX}"]
      canary_tags  = ["c"]
      address_mode = "host"
      provider     = "nomad"
      meta {
        version = 1
      }
      check {
        name     = "alive"
        type     = "http"
        path     = "/health"
        interval = "10s"
        timeout  = "2s"
        method   = "POST"
        body     = "{}"
        header {
          Authorization = ["Basic abc"]
        }
        check_restart {
          limit = 3
          grace = "90s"
        }
      }
      check {
        type     = "tcp"
        port     = "http"
        interval = "1m30s"
        timeout  = "500ms"
      }
      check_restart {
        limit           = 1
        ignore_warnings = true
      }
    }
    task "t" {
      driver = "exec"
      service {
        name = "inner"
        port = 9090
      }
    }
  }
}
