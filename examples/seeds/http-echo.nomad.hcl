# The task of "Task Configuration" in Nomad's page on jail-task-driver.
#
# On Linux: runs where the host has an interface em1, and the root an http-echo for Linux.
# examples/http-echo.nomad.hcl is a web server that runs anywhere.
job "http-echo" {
  type = "service"
  group "http-echo" {
    restart {
      attempts = 0
      mode     = "fail"
    }
 task "http-echo-jail" {
 		driver = "jail-task-driver"
 		config {
 			Path  = "/zroot/iocage/jails/myjail/root"
 			Allow_raw_sockets = true
 			Allow_chflags     = true
 			Ip4_addr          = "em1|192.168.1.102"
 			Exec_start        = "/usr/local/bin/http-echo -listen :9999 -text hello"
 			Rctl =  {
 				Vmemoryuse = {
 					Action = "deny"
 					Amount = "1G"
 					Per = "process"
 				}
 				Openfiles = {
 					Action = "deny"
 					Amount = "500"
 				}
 			}
 		}
 	}
   }
}
