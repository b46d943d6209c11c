job "j" {
  group "g" {
    task "t" {
      driver = "exec"
      dynamic "env" {
        for_each = [1]
        content {
          A = "x"
        }
      }
    }
  }
}
