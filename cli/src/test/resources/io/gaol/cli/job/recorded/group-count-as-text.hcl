job "texts" {
  priority = "60"
  group "g" {
    count = "4"
    task "t" {
      driver = "exec"
      resources {
        cpu    = "250"
        memory = "64"
      }
    }
  }
}
