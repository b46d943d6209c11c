# with: env=prod
variable "env" {
  type = string
}
job "j" {
  region    = var.env == "prod" ? "eu" : "test"
  node_pool = var.env == "test" ? "test" : null
  group "g" {
    count = var.env == "prod" ? 3 : 1
    task "t" {
      driver = "exec"
      config {
        args    = var.env == "prod" ? ["--fast"] : []
        nothing = var.env == "prod" ? null : "x"
        level   = var.env == "prod" ? 1 : "low"
      }
    }
  }
}
