job "j" {
  datacentres = ["dc1"]
  group "g" {
    task "t" {
      driver = "exec"
    }
  }
}
