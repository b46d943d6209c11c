job "j" {
  group "g" {
    task "t" {
      driver = "exec"
      config {
        script = <<-EOT
          #!/bin/sh
          %{ for n in [1, 2] ~}
          echo ${n} $HOME $${USER}
          %{ endfor ~}
          exit 0
        EOT
        flat = <<EOT
    kept
EOT
        one  = "%{ if true }yes%{ else }no%{ endif }"
      }
    }
  }
}
