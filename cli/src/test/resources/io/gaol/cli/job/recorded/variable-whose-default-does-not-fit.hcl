variable "count" {
  type    = number
  default = "many"
}
job "j" {
  group "g" {
    count = var.count
    task "t" {
      driver = "exec"
    }
  }
}
