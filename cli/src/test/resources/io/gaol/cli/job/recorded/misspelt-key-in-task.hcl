job "j" {
  group "g" {
    task "t" {
      drivre = "exec"
    }
  }
}
