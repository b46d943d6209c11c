job "whole" {
  name        = "The whole job"
  region      = "north"
  namespace   = "team"
  type        = "batch"
  priority    = 70
  all_at_once = true
  datacenters = ["dc1", "dc2"]
  node_pool   = "gpu"

  meta {
    owner = "us"
    tries = 3
    live  = true
  }

  group "g" {
    count = 2
    task "t" {
      driver = "exec"
      config {
        command = "/bin/true"
      }
    }
  }
}
