job "j" {
  group "g" {
    task "t" {
      config {
        command = "x"
      }
    }
  }
}
