# "Vnet jail example" of the README of jail-task-driver.
#
# On Linux: refused. Exec_prestart and Exec_poststop stand there twice, which HCL 2 does not allow: a
# list has both. With that mended, jib is FreeBSD's: ip-link(8) makes such a pair of interfaces, and
# ip(8) configures the jail's end in it.
job "vnet-example" {
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
 	Host_hostname = "mwl.io"
	Exec_clean = true	
	Exec_start = "sh /etc/rc"
	Exec_stop = "sh /etc/rc.shutdown"
	Mount_devfs = true
	Exec_prestart = "logger trying to start "	
	Exec_poststart = "logger jail has started"	
	Exec_prestop = "logger shutting down jail "	
	Exec_poststop = "logger has shut down jail "	
	Exec_consolelog ="/var/tmp/vnet-example"
	Vnet = true
	Vnet_nic = "e0b_loghost"
	Exec_prestart = "/usr/share/examples/jails/jib addm loghost jailether"
	Exec_poststop = "/usr/share/examples/jails/jib destroy loghost "
      }
    }
  }
}
