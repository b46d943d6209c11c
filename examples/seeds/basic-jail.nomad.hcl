# "Basic jail" of the README of jail-task-driver.
#
# On Linux: runs as it is, when a root file system is at Path. The jail persists, so it runs until it
# is stopped (Ctrl-C, or gaol job stop test). The parts that need a cluster have no effect.
job "test" {
  datacenters = ["dc1"]
  type        = "service"

  group "test" {
    restart {
      attempts = 0
      mode     = "fail"
    }

    task "test01" {
      driver = "jail-task-driver"

      config {
        Path    = "/zroot/iocage/jails/myjail/root"
	Persist  = true
      }
    }
  }
}
