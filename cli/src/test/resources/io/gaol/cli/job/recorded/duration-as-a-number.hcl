job "j" {
  group "g" {
    task "t" {
      driver       = "exec"
      kill_timeout = 5000000000
    }
  }
}
