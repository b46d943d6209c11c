job "j" {
  region = local.nosuch
  group "g" {
    task "t" {
      driver = "exec"
    }
  }
}
