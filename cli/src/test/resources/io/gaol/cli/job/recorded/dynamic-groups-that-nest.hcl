locals {
  zones = ["a", "b"]
}
job "j" {
  dynamic "group" {
    for_each = local.zones
    iterator = zone
    labels   = ["zone-${zone.value}"]
    content {
      count = zone.key + 1
      network {
        dynamic "port" {
          for_each = ["http", "${zone.value}-admin"]
          labels   = [port.value]
          content {
            to = 80
          }
        }
      }
      task "t" {
        driver = "exec"
        dynamic "template" {
          for_each = range(2)
          content {
            data        = "zone ${zone.value} file ${template.value}"
            destination = "local/${template.key}"
          }
        }
      }
    }
  }
}
