job "j" {
  group "g" {
    task "t" {
      driver = "exec"
      config {
        args = [upper(NOMAD_TASK_NAME), "${upper("${NOMAD_TASK_NAME}")}"]
      }
    }
  }
}
