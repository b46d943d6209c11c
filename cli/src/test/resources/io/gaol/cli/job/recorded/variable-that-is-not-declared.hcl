job "j" {
  region = var.nosuch
  group "g" {
    task "t" {
      driver = "exec"
    }
  }
}
