job "j" {
  group "g" {
    task "t" {
      driver = "exec"
      template {
        data        = <<EOF
{{ range service "web" }}server {{ .Address }}:{{ .Port }}
{{ end }}
EOF
        destination = "local/servers.conf"
        change_mode = "signal"
        change_signal = "SIGHUP"
        perms       = "600"
        uid         = 1000
        gid         = 100
        splay       = "10s"
      }
      template {
        source          = "local/env.tpl"
        destination     = "secrets/env"
        env             = true
        left_delimiter  = "[["
        right_delimiter = "]]"
        error_on_missing_key = true
        once            = true
        wait {
          min = "5s"
          max = "4m"
        }
      }
      template {
        data        = "x"
        destination = "local/x"
        change_mode = "script"
        change_script {
          command       = "/bin/reload"
          args          = ["-a", "b"]
          timeout       = "20s"
          fail_on_error = true
        }
      }
    }
  }
}
