job "j" {
  group "g" {
    dynamic "constraint" {
      for_each = []
      content {
        attribute = "x"
      }
    }
    task "t" {
      driver = "exec"
    }
  }
}
