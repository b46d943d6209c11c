job "j" {
  group "g" {
    counts = 2
    task "t" {
      driver = "exec"
    }
  }
}
