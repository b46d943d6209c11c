job "j" {
  constraint {
    attribute = "${attr.kernel.name}"
    value     = "freebsd"
  }
  constraint {
    attribute = "${attr.os.version}"
    operator  = ">="
    value     = "13.0"
  }
  constraint {
    attribute = "${meta.rack}"
    operator  = "is_set"
  }
  constraint {
    operator = "distinct_hosts"
    value    = "true"
  }
  constraint {
    distinct_property = "${meta.rack}"
    value             = "2"
  }
  constraint {
    attribute = "${attr.cpu.arch}"
    regexp    = "amd|arm"
  }
  constraint {
    attribute = "${attr.driver.version}"
    version   = ">= 1.0, < 2.0"
  }
  constraint {
    attribute    = "${meta.tags}"
    set_contains = "a,b"
  }
  constraint {
    attribute    = "${meta.tags}"
    operator     = "set_contains_any"
    value        = "c,d"
  }
  constraint {
    distinct_hosts = true
  }
  group "g" {
    constraint {
      attribute = "${node.class}"
      operator  = "!="
      value     = "small"
    }
    task "t" {
      driver = "exec"
      constraint {
        attribute = "${attr.memory.totalbytes}"
        operator  = ">"
        value     = 1000000
      }
    }
  }
}
