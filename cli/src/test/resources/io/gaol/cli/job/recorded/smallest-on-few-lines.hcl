job "few" {
  group "g" { task "t" { driver = "exec" } }
}
