# Writes its environment.
job "environment" {
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
      env {
        MINE  = "two words"
        WHERE = "${NOMAD_TASK_DIR}/${NOMAD_TASK_NAME} on ${node.unique.name}"
      }
      meta {
        owner = "somebody"
      }
      resources {
        cpu    = 50
        memory = 64
      }
      config {
        command = "/usr/bin/env"
      }
    }
  }
}
