# with: base=app
variable "base" {
  type = string
}
locals {
  full  = "${local.short}-full"
  short = "${var.base}-s"
  ports = [for p in [80, 443] : p + 8000]
  env = {
    NAME = local.full
    HOST = "${attr.unique.hostname}"
  }
}
locals {
  more = length(local.ports)
}
job "j" {
  name = local.full
  group "g" {
    count = local.more
    task "t" {
      driver = "exec"
      config {
        args = [for p in local.ports : format("--port=%d", p)]
      }
      env = local.env
    }
  }
}
