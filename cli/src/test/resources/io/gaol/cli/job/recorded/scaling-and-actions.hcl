job "j" {
  group "g" {
    count = 2
    scaling {
      enabled = true
      min     = 1
      max     = 10
      policy {
        cooldown = "1m"
      }
    }
    task "t" {
      driver = "exec"
      action "hello" {
        command = "/bin/echo"
        args    = ["hello", "${NOMAD_TASK_NAME}"]
      }
    }
  }
}
