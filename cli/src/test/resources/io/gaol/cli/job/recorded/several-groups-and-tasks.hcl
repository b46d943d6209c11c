job "several" {
  group "front" {
    count = 3
    task "web" {
      driver = "jail-task-driver"
    }
    task "log" {
      driver = "exec"
    }
  }
  group "back" {
    task "db" {
      driver = "jail-task-driver"
      leader = true
    }
  }
}
