job "j" {
  group "g" {
    task "t" {
      driver = "exec"
      env {
        with-dash = "1"
        ünicode   = "2"
      }
    }
  }
}
