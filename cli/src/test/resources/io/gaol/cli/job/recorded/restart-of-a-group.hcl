job "j" {
  group "g" {
    restart {
      attempts         = 5
      interval         = "10m"
      delay            = "25s"
      mode             = "delay"
      render_templates = true
    }
    task "inherits" {
      driver = "exec"
    }
    task "has-its-own" {
      driver = "exec"
      restart {
        attempts = 0
        mode     = "fail"
      }
    }
  }
}
