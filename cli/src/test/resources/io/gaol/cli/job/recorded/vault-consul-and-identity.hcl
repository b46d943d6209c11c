job "j" {
  vault {
    policies = ["read"]
  }
  group "g" {
    consul {
      namespace = "team"
    }
    task "t" {
      driver = "exec"
      identity {
        env         = true
        file        = true
        change_mode = "restart"
      }
      identity {
        name = "aws"
        aud  = ["sts.example"]
        ttl  = "1h"
      }
    }
    task "u" {
      driver = "exec"
      vault {
        role        = "writer"
        env         = false
        change_mode = "noop"
      }
    }
  }
}
