job "j" {
  group "g" {
    task "t" {
      driver       = "exec"
      kill_timeout = "2d"
    }
  }
}
