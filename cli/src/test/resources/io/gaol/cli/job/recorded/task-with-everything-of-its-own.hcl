job "j" {
  group "g" {
    shutdown_delay = "3s"
    task "t" {
      driver         = "exec"
      user           = "www"
      kill_timeout   = "90s"
      kill_signal    = "SIGQUIT"
      shutdown_delay = "2m"
      leader         = true
      kind           = "worker"

      env {
        HOME   = "/home/www"
        LEVEL  = 3
        DEBUG  = false
        EMPTY  = ""
        quoted = "say \"hi\""
      }

      meta {
        role = "one"
      }

      logs {
        max_files     = 3
        max_file_size = 15
        disabled      = false
      }
    }
  }
}
