job "j" {
  group "g" {
    task "t" {
      driver = "jail-task-driver"
      config {
        text     = "x"
        whole    = 5
        fraction = 0.25
        tenth    = 0.1
        large    = 12345678901234567890
        yes      = true
        no       = false
        nothing  = null
        negative = -3
        list     = ["a", 1, true]
        empty    = []
        lists    = [["a"], ["b", "c"]]
      }
    }
  }
}
