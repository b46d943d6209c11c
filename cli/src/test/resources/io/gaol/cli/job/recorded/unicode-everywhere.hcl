job "grüße" {
  meta {
    größe = "ä€😀"
  }
  group "gruppe-1" {
    task "t" {
      driver = "exec"
      config {
        args = ["日本語", "e\u0301"]
      }
    }
  }
}
