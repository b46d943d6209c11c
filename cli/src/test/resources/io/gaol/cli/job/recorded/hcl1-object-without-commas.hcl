job "j" {
  group "g" {
    task "t" {
      driver = "exec"
      config {
        labels { a = "b" c = "d" }
      }
    }
  }
}
