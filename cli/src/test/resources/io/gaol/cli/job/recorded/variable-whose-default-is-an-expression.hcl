variable "a" {
  default = upper("x")
}
job "j" {
  region = var.a
  group "g" {
    task "t" {
      driver = "exec"
    }
  }
}
