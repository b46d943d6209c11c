job "j" {
  group "g" {
    task "t" {
      driver = "exec"
      artifact {
        source      = "https://example.com/a.tar.gz"
        destination = "local/a"
        mode        = "dir"
        options {
          checksum = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
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
