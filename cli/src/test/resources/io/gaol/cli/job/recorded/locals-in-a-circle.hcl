locals {
  a = local.b
  b = local.a
}
job "j" {
  region = local.a
  group "g" {
    task "t" {
      driver = "exec"
    }
  }
}
