job "j" {
  group "g" {
    task "t" {
      driver = "exec"
      config {
        args = ["${env.HOME}", "${meta["a.b"]}", "${attr["x"].y}", "${node.meta.rack}", "${NOMAD_META_a.b}"]
      }
    }
  }
}
