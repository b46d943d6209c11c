job "j" {
  group "g" {
    task "t" {
      driver = "jail-task-driver"
      config {
        dynamic "mount" {
          for_each = ["a", "b"]
          content {
            path = mount.value
          }
        }
      }
    }
  }
}
