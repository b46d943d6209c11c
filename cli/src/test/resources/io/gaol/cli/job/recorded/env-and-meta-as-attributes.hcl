job "j" {
  meta = {
    a = "job"
  }
  group "g" {
    meta = {
      "dotted.name" = 1
    }
    task "t" {
      driver = "exec"
      env = {
        A = "x"
        B = 1.50
        C = true
      }
      meta = {
        b = "task"
      }
    }
  }
}
