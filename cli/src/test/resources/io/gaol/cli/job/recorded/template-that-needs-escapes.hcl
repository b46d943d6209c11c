job "j" {
  group "g" {
    task "t" {
      driver = "exec"
      template {
        data        = <<-EOT
          name=${NOMAD_TASK_NAME}
          shell=$${HOME}
          percent=%%{x}
            indented=yes
        EOT
        destination = "${NOMAD_TASK_DIR}/x"
      }
    }
  }
}
