job "j" {
  group "g" {
    task "t" {
      driver = "exec"
      config {
        args = ["$${HOME}", "$$${HOME}", "%%{if x}", "$(echo $HOME)", "$$"]
      }
      env {
        A = "$${B}"
      }
    }
  }
}
