job "j" {
  group "g" {
    task "t" {
      driver = "exec"
      config {
        args = [file("/etc/hostname")]
      }
    }
  }
}
