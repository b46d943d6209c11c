job "jail" {
  type = "service"
  group "g" {
    task "t" {
      driver = "jail-task-driver"
      config {
        Path          = "/zroot/iocage/jails/myjail/root"
        Host_hostname = "mwl.io"
        Exec_start    = ["/bin/sh /etc/rc"]
        Exec_stop     = ["/bin/sh /etc/rc.shutdown"]
        Allow_raw_sockets = true
        Ip4_addr      = ["em0|192.168.1.102", "lo0|127.0.0.2"]
        Rctl = {
          Openfiles = {
            Action = "deny"
            Amount = "500"
          }
          Vmemoryuse = {
            Action = "deny"
            Amount = "1G"
            Per    = "process"
          }
        }
      }
    }
  }
}
