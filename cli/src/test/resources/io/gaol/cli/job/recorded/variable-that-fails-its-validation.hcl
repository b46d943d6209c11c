# with: size=12
variable "size" {
  type = number
  validation {
    condition     = var.size > 2 && var.size < 10
    error_message = "The size must be between 3 and 9."
  }
}
job "j" {
  group "g" {
    count = var.size
    task "t" {
      driver = "exec"
    }
  }
}
