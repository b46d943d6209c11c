job "j" {
  group "g" {
    count = length(split(",", "a,b,c"))
    task "t" {
      driver = "exec"
      config {
        args   = compact(["a", "", "b"])
        joined = join(" ", formatlist("-%s", ["x", "y"]))
        json   = jsonencode({ a = [1, 2] })
        chosen = coalesce(null, "d")
        sum    = sha256("x")
        merged = merge({ a = 1 }, { b = "two" })
        sub    = cidrsubnet("10.0.0.0/8", 8, 3)
      }
    }
  }
}
