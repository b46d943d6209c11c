variable "needed" {
  type = string
}
job "j" {
  region = var.needed
  group "g" {
    task "t" {
      driver = "exec"
    }
  }
}
