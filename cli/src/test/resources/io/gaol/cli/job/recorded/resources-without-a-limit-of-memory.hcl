job "j" {
  group "g" {
    task "t" {
      driver = "exec"
      resources {
        memory     = 100
        memory_max = -1
      }
    }
  }
}
