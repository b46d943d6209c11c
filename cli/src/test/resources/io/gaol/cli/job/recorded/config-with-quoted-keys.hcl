job "j" {
  group "g" {
    task "t" {
      driver = "jail-task-driver"
      config {
        params = {
          "allow.raw_sockets" = true
          "exec.fib"          = 1
        }
      }
    }
  }
}
