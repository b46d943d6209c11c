job "j" {
  region {
    a = 1
  }
  group "g" {
    task "t" {
      driver = "exec"
    }
  }
}
