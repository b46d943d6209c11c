variable "password" {
  type      = string
  sensitive = true
  default   = "s3cret"
}
job "j" {
  group "g" {
    task "t" {
      driver = "exec"
      env {
        PASSWORD = var.password
      }
    }
  }
}
