job "j" {
  type = "batch"
  parameterized {
    payload       = "required"
    meta_required = ["who"]
    meta_optional = ["why"]
  }
  group "g" {
    task "t" {
      driver = "exec"
      config {
        command = "/bin/cat"
        args    = ["${NOMAD_TASK_DIR}/input", "${NOMAD_META_who}"]
      }
      dispatch_payload {
        file = "input"
      }
    }
  }
}
