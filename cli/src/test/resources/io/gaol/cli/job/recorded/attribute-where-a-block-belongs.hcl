job "j" {
  group = "g"
}
