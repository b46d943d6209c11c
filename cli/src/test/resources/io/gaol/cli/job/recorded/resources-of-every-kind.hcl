job "j" {
  group "g" {
    task "t" {
      driver = "jail-task-driver"
      resources {
        cpu        = 500
        memory     = 256
        memory_max = 512
        device "nvidia/gpu" {
          count = 2
          constraint {
            attribute = "${device.attr.memory}"
            operator  = ">="
            value     = "2 GiB"
          }
          affinity {
            attribute = "${device.model}"
            value     = "K80"
            weight    = 50
          }
        }
      }
    }
  }
}
