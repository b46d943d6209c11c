# Reads files and a variable that the agent wrote from templates.
job "template" {
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
      template {
        data        = "hello from {{ env \"NOMAD_TASK_NAME\" }}\n"
        destination = "local/greeting"
      }
      template {
        data        = "FROM_TEMPLATE=rendered\n"
        destination = "secrets/variables"
        env         = true
      }
      config {
        command = "/bin/sh"
        args    = ["-c", "cat /local/greeting; echo $FROM_TEMPLATE; cat /secrets/variables"]
      }
    }
  }
}
