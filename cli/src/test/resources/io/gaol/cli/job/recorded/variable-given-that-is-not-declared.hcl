# with: other=x
variable "some" {
  default = "y"
}
job "j" {
  region = var.some
  group "g" {
    task "t" {
      driver = "exec"
    }
  }
}
