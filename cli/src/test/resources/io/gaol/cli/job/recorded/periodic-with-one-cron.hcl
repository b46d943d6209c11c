job "j" {
  type = "batch"
  periodic {
    cron = "0 3 * * *"
  }
  group "g" {
    task "t" {
      driver = "exec"
    }
  }
}
