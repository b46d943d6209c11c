job "j" {
  group "g" {
    volume "data" {
      type      = "host"
      source    = "data-${NOMAD_ALLOC_INDEX}"
      read_only = false
    }
    volume "shared" {
      type            = "csi"
      source          = "shared"
      access_mode     = "multi-node-multi-writer"
      attachment_mode = "file-system"
      per_alloc       = true
      mount_options {
        fs_type     = "ext4"
        mount_flags = ["noatime", "ro"]
      }
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
