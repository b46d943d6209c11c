# What releases of FreeBSD have learned one after another, and steps that no job of the documents has.
job "releases" {
  type = "batch"
  group "releases" {
    task "since-12.2" {
      driver = "jail-task-driver"
      config {
        Path          = "/jails/old"
        Ip4_addr      = ["em0|10.0.0.5", "em0|10.0.0.6/24 mtu 1500"]
        params        = { "ip6.addr" = ["fd00::5", "em1|fd00::6/64"] }
        nic           = "em0"
        Mount         = ["/data /jails/old/data nullfs ro 0 0", "tmpfs /jails/old/tmp tmpfs rw,size=64m 0 0"]
        Mount_devfs   = true
        Mount_fdescfs = true
        Mount_procfs  = true
        Exec_prepare  = "logger prepare"
        Exec_prestart = "logger prestart"
        Exec_created  = "logger created"
        Exec_start    = ["true", "daemon sleep 10 &"]
        Exec_timeout  = 60
        Exec_fib      = 1
        Exec_jail_user  = "www"
        Exec_system_user = "operator"
        Exec_poststart = "logger \"$JNAME\" has started"
        Exec_prestop  = "logger prestop"
        Exec_stop     = "kill -HUP 1"
        Exec_poststop = "logger poststop"
        Exec_release  = "logger release"
        command       = "/bin/sleep"
        args          = ["it's", "60"]
      }
      resources {
        cores = 2
      }
    }
    task "since-13.0" {
      driver = "jail-task-driver"
      config {
        Path    = "/jails/new"
        command = "/bin/sh"
        params  = { "allow.suser" = false }
      }
    }
    task "since-14.3" {
      driver = "jail-task-driver"
      config {
        Path    = "/jails/new"
        command = "/bin/sh"
        params  = { "allow.nfsd" = true, "mac.do" = "new" }
      }
    }
    task "since-15.1" {
      driver = "jail-task-driver"
      config {
        Path    = "/jails/new"
        command = "/bin/sh"
        params  = { "allow.setaudit" = true, "zfs.dataset" = ["zroot/data"], "meta" = "owner=web" }
      }
    }
  }
}
