job "j" {
  group "g" {
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
      driver = "exec"
    }
  }
}
