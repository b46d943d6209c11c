job "j" {
  group "g" {
    volume "data" {
      type      = "host"
      source    = "data-${NOMAD_ALLOC_INDEX}"
      read_only = false
    }
    volume "shared" {
      type      = "host"
      source    = "shared"
      per_alloc = true
      read_only = true
    }
    task "t" {
      driver = "jail-task-driver"
      volume_mount {
        volume           = "data"
        destination      = "/var/data"
        read_only        = true
        propagation_mode = "private"
      }
      volume_mount {
        volume      = "shared"
        destination = "/shared"
      }
    }
  }
}
