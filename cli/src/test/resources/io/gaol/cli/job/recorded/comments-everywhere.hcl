# one
job "j" { // two
  /* three
     lines */
  group "g" { # four
    task "t" {
      driver = "exec" // five
      config { /* six */
        args = [ # seven
          "a", // eight
          # nine
          "b" /* ten */
        ]
      }
    }
  }
}
# the end
