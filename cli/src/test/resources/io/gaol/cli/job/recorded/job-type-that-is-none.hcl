job "j" {
  type = "cron"
  group "g" {
    task "t" {
      driver = "exec"
    }
  }
}
