locals {
  tasks = {
    one = "/bin/one"
    two = "/bin/two"
  }
}
job "j" {
  group "g" {
    dynamic "task" {
      for_each = local.tasks
      labels   = [task.key]
      content {
        driver = "exec"
        config {
          command = task.value
        }
      }
    }
  }
}
