job "j" { region = "eu", type = "batch" }
