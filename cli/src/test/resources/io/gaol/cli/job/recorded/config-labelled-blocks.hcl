job "j" {
  group "g" {
    task "t" {
      driver = "jail-task-driver"
      config {
        rule "first" {
          amount = 1
        }
        rule "second" {
          amount = 2
        }
        two "a" "b" {
          x = "y"
        }
      }
    }
  }
}
