variables {
  image = "base"
  count = 2
}
job "j" {
  group "g" {
    count = var.count
    task "t" {
      driver = "exec"
      config {
        args = ["${var.image}:latest"]
      }
    }
  }
}
