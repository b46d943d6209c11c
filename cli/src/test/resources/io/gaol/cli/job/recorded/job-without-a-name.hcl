job {
  group "g" {
    task "t" {
      driver = "exec"
    }
  }
}
