job "j" {
  group "g" {
    task "before" {
      driver = "exec"
      lifecycle {
        hook = "prestart"
      }
    }
    task "beside" {
      driver = "exec"
      lifecycle {
        hook    = "prestart"
        sidecar = true
      }
    }
    task "after-start" {
      driver = "exec"
      lifecycle {
        hook    = "poststart"
        sidecar = false
      }
    }
    task "after" {
      driver = "exec"
      lifecycle {
        hook = "poststop"
      }
    }
    task "main" {
      driver = "exec"
    }
  }
}
