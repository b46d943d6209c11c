job "j" {
  group "g" {
    task "t" {
      driver = "exec"
      config {
        args = [
          "$${NOMAD_ALLOC_ID}",
          "$$${NOMAD_ALLOC_ID}",
          "%%{if x}",
          "$(echo $HOME)",
          "$$",
          "\${NOMAD}",
        ]
      }
    }
  }
}
