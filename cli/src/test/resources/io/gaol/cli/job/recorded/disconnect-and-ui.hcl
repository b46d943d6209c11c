job "j" {
  ui {
    description = "A job"
    link {
      label = "Docs"
      url   = "https://example.com"
    }
  }
  group "g" {
    disconnect {
      lost_after = "6h"
      replace    = false
      reconcile  = "best_score"
    }
    task "t" {
      driver = "exec"
    }
  }
}
