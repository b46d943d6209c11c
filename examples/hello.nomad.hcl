job "hello" {
  type = "batch"
  group "hello" {
    task "hello" {
      driver = "jail-task-driver"
      config {
        command = "/bin/echo"
        args    = ["Hello from ${NOMAD_TASK_NAME}"]
      }
    }
  }
}
