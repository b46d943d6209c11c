# with: count=many
variable "count" {
  type = number
}
job "j" {
  group "g" {
    count = var.count
    task "t" {
      driver = "exec"
    }
  }
}
