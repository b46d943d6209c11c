job "j" {
  group "g" {
    task "t" {
      driver = "exec"
      csi_plugin {
        id        = "x"
        type      = "node"
        mount_dir = "/csi"
      }
      secret "db" {
        provider = "nomad"
        path     = "nomad/jobs/j"
      }
    }
  }
}
