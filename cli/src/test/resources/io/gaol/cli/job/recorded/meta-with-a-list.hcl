job "j" {
  meta {
    a = ["x"]
  }
  group "g" {
    task "t" {
      driver = "exec"
    }
  }
}
