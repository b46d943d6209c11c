job "alone" {
  type = "batch"
  task "lonely" {
    driver = "exec"
    config {
      command = "/bin/echo"
      args    = ["alone"]
    }
  }
}
