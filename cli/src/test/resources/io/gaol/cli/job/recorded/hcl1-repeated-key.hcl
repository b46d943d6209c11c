job "j" {
  group "g" {
    task "t" {
      driver = "jail-task-driver"
      config {
        Exec_prestart = "one"
        Exec_prestart = "two"
      }
    }
  }
}
