job "j" {
  update {
    stagger           = "30s"
    max_parallel      = 2
    health_check      = "task_states"
    min_healthy_time  = "15s"
    healthy_deadline  = "6m"
    progress_deadline = "12m"
    canary            = 1
    auto_revert       = true
    auto_promote      = true
  }
  reschedule {
    delay          = "5s"
    delay_function = "fibonacci"
    max_delay      = "1h"
    unlimited      = true
  }
  group "g" {
    migrate {
      max_parallel     = 3
      health_check     = "checks"
      min_healthy_time = "15s"
      healthy_deadline = "5m"
    }
    update {
      max_parallel = 1
    }
    reschedule {
      attempts  = 15
      interval  = "1h"
      unlimited = false
    }
    task "t" {
      driver = "exec"
    }
  }
}
