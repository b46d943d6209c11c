job "a" "b" {
  group "g" {
    task "t" {
      driver = "exec"
    }
  }
}
