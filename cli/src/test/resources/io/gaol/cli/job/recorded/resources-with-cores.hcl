job "j" {
  group "g" {
    task "t" {
      driver = "exec"
      resources {
        cores  = 2
        memory = 100
        numa {
          affinity = "require"
        }
      }
    }
  }
}
