# What the start-up cache is made of: a job with what jobs use most. It is planned when Gaol is installed, and never run.
variable "image" {
  type        = string
  default     = "web"
  description = "what is run"
  validation {
    condition     = length(split("", var.image)) > 0
    error_message = "empty"
  }
}
variable "ports" {
  type    = list(object({ name = string, port = number }))
  default = [{ name = "http", port = 80 }]
}
locals {
  names = [for p in var.ports : upper(p.name) if p.port > 0]
  all   = { for p in var.ports : p.name => "${p.port}" }
}
job "start-up" {
  type = "batch"
  meta { owner = "me" }
  constraint {
    attribute = "${attr.kernel.name}"
    value     = "linux"
  }
  group "g" {
    count = 1 + 0
    restart {
      attempts = 0
      mode     = "fail"
      interval = "30s"
      delay    = "1s"
    }
    task "before" {
      driver = "exec"
      lifecycle {
        hook    = "prestart"
        sidecar = false
      }
      config {
        command = "/bin/true"
        args    = ["-x", "${NOMAD_TASK_DIR}/a", env["NOMAD_DC"], local.all["http"]]
      }
    }
    dynamic "task" {
      for_each = local.names
      labels   = [task.value]
      content {
        driver = "jail-task-driver"
        leader = true
        env {
          A = "b ${NOMAD_TASK_DIR}"
          N = 5
        }
        user = "root"
        config {
          command           = "/bin/echo"
          args              = [var.image == "web" ? "a" : "b", "${join(",", local.names)}"]
          Ip4               = "inherit"
          Ip6               = "inherit"
          Exec_prestart     = ["true"]
          Allow_raw_sockets = true
          params = {
            "allow.mlock" = false
          }
          Rctl = {
            Maxproc = { Action = "deny", Amount = "50" }
          }
        }
        template {
          data        = <<-EOT
            a {{ env "A" }} {{ range loop 2 }}x{{ end }}
          EOT
          destination = "local/x"
          change_mode = "noop"
        }
        resources {
          cpu    = 100
          memory = 64
        }
        kill_timeout = "5s"
      }
    }
  }
}
