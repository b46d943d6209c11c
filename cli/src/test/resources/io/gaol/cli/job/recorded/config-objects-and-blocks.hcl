job "j" {
  group "g" {
    task "t" {
      driver = "jail-task-driver"
      config {
        object = {
          a = 1
          b = {
            c = "inner"
          }
        }
        block {
          a = 1
          b = {
            c = "inner"
          }
          nested {
            deep = true
          }
        }
        twice {
          n = 1
        }
        twice {
          n = 2
        }
        objects = [{ a = 1 }, { a = 2 }]
        mixed   = [{ a = 1 }, "x"]
        from_call = merge({ a = 1 }, { b = 2 })
        from_for  = { for k in ["x", "y"] : k => upper(k) }
        in_parens = ({ a = 1 })
        empty_object = {}
        empty_block {}
      }
    }
  }
}
