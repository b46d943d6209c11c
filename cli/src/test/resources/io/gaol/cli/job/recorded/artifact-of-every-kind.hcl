job "j" {
  group "g" {
    task "t" {
      driver = "exec"
      artifact {
        source      = "https://example.com/a.tar.gz"
        destination = "local/a"
        mode        = "dir"
        options {
          checksum = "sha256:abd123445ds4555555555"
          archive  = false
        }
        headers {
          X-Token = "${NOMAD_META_token}"
        }
      }
      artifact {
        source   = "git::https://example.com/x.git"
        insecure = true
        chown    = true
      }
    }
  }
}
