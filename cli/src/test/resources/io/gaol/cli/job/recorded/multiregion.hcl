job "j" {
  multiregion {
    strategy {
      max_parallel = 1
      on_failure   = "fail_all"
    }
    region "north" {
      count       = 2
      datacenters = ["n1"]
      meta {
        where = "north"
      }
    }
    region "south" {}
  }
  group "g" {
    task "t" {
      driver = "exec"
    }
  }
}
