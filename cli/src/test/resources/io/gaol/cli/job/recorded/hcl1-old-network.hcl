job "j" {
  group "g" {
    task "t" {
      driver = "exec"
      resources {
        network {
          mbits = 10
          port "http" {}
        }
      }
    }
  }
}
