job "j" {
  group "g" {
    network {
      mode     = "bridge"
      hostname = "web"
      port "http" {
        static = 8080
        to     = 80
      }
      port "admin" {
        to           = 9000
        host_network = "private"
      }
      port "any" {}
      dns {
        servers  = ["10.0.0.1"]
        searches = ["internal"]
        options  = ["ndots:2"]
      }
    }
    task "t" {
      driver = "exec"
      env {
        PORT = "${NOMAD_PORT_http}"
        ADDR = "${NOMAD_ADDR_admin}"
      }
    }
  }
}
