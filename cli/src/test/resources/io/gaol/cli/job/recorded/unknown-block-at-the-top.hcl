jobs "j" {
  group "g" {
    task "t" {
      driver = "exec"
    }
  }
}
