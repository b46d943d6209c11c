job "j" {
  group "g" {
    task "t" {
      driver = "exec"
      user   = "${NOMAD_META_user}"
      config {
        command = "${NOMAD_TASK_DIR}/run"
        args = [
          "${NOMAD_ALLOC_ID}",
          "${node.unique.id}",
          "${attr.kernel.name}-${attr.cpu.arch}",
          "${meta.owner}",
          "${env["HOME"]}",
          "${NOMAD_PORT_http}:${NOMAD_META_x}",
          "${device.model}",
        ]
        plain = NOMAD_ALLOC_DIR
        keys  = { (NOMAD_TASK_NAME) = 1 }
      }
      env {
        A = "${attr.unique.network.ip-address}"
        B = "pre-${NOMAD_TASK_NAME}-post"
        C = "${NOMAD_ALLOC_INDEX}"
      }
    }
  }
}
