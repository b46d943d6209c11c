job "j" {
  affinity {
    attribute = "${node.datacenter}"
    value     = "dc1"
    weight    = 100
  }
  spread {
    attribute = "${node.datacenter}"
    weight    = 80
    target "dc1" {
      percent = 70
    }
    target "dc2" {
      percent = 30
    }
  }
  group "g" {
    affinity {
      attribute = "${meta.rack}"
      operator  = "set_contains_any"
      value     = "r1,r2"
      weight    = -50
    }
    spread {
      attribute = "${meta.rack}"
    }
    task "t" {
      driver = "exec"
      affinity {
        attribute = "${attr.kernel.version}"
        version   = "> 13"
        weight    = 10
      }
    }
  }
}
