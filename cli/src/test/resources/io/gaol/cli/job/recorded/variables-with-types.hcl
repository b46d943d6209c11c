# with: region=eu count=3 debug=true tags=["x","y"] limits={cpu=200,memory=128}
variable "region" {
  type        = string
  default     = "global"
  description = "Where it runs"
}
variable "count" {
  type    = number
  default = 1
}
variable "debug" {
  type    = bool
  default = false
}
variable "tags" {
  type    = list(string)
  default = []
}
variable "limits" {
  type = object({
    cpu    = number
    memory = number
  })
}
variable "unset" {
  type    = map(string)
  default = { a = 1 }
}
job "j" {
  region = var.region
  group "g" {
    count = var.count
    task "t" {
      driver = "exec"
      config {
        args   = concat(var.tags, ["z"])
        limits = var.limits
        debug  = var.debug
      }
      env = var.unset
      resources {
        cpu    = var.limits.cpu
        memory = var.limits.memory
      }
    }
  }
}
