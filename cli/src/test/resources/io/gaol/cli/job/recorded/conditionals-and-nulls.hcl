# with: env=prod
variable "env" {
  type = string
}
job "j" {
  region = var.env == "prod" ? "eu" : null
  node_pool = var.env == "test" ? "test" : null
  group "g" {
    count = var.env == "prod" ? 3 : 1
    task "t" {
      driver = "exec"
      user   = null
      kill_timeout = null
      config {
        args = var.env == "prod" ? ["--fast"] : []
      }
    }
  }
}
