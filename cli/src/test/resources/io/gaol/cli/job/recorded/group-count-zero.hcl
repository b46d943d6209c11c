job "none" {
  group "g" {
    count = 0
    task "t" {
      driver = "exec"
    }
  }
}
