# with: a=5 b=[1] c=text
variable "a" {}
variable "b" {}
variable "c" {}
variable "d" {
  default = [1, "two", { three = 3 }]
}
job "j" {
  group "g" {
    task "t" {
      driver = "exec"
      config {
        a = var.a
        b = var.b
        c = var.c
        d = var.d
      }
    }
  }
}
