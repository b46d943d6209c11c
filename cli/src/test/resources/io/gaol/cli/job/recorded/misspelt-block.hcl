job "j" {
  group "g" {
    task "t" {
      driver = "exec"
      resource {
        cpu = 100
      }
    }
  }
}
