job "j" {
  group "g" {
    count = "many"
    task "t" {
      driver = "exec"
    }
  }
}
