job "j" {
  region = "eu
  group "g" {
    task "t" {
      driver = "exec"
    }
  }
}
