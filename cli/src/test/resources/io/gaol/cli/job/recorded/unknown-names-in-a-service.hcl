job "j" {
  group "g" {
    service {
      name = "${BASE}"
      tags = ["${JOB}", "${GROUP}"]
    }
    task "t" {
      driver = "exec"
    }
  }
}
