job "smallest" {
  group "g" {
    task "t" {
      driver = "exec"
    }
  }
}
