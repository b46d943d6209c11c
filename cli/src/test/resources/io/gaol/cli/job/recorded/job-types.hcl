job "types" {
  type = "sysbatch"
  group "g" {
    task "t" {
      driver = "exec"
      config {
        command = "date"
      }
    }
  }
}
