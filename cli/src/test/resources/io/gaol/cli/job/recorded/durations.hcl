job "j" {
  group "g" {
    restart {
      interval = "1h30m"
      delay    = "1m0.5s"
    }
    task "t" {
      driver         = "exec"
      kill_timeout   = "1500ms"
      shutdown_delay = "2h45m10s"
    }
  }
}
