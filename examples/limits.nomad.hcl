# What a task may use, and what happens to one that wants more. Run it, and see three ends:
#
#   memory     takes ever more memory, and is killed by the kernel at 64 MiB. The job's exit status is its: 137.
#   processes  starts processes until it is refused one. Linux counts threads, and the jail's own init, too.
#   cpu        sees one CPU of the host, and runs on no other.

job "limits" {
  type = "batch"

  group "memory" {
    restart {
      attempts = 0
    }
    task "memory" {
      driver = "jail-task-driver"
      resources {
        memory = 64
      }
      config {
        command = "perl"
        args    = ["-e", "$| = 1; for (1 .. 10) { $x .= 'x' x 16777216; print 'have ', 16 * $_, \" MiB\\n\" }"]
      }
    }
  }

  group "processes" {
    task "processes" {
      driver = "jail-task-driver"
      config {
        Rctl = {
          Maxproc = {
            Action = "deny"
            Amount = "10"
          }
        }
        command = "perl"
        args    = ["-e", "while (defined($pid = fork)) { $pid or sleep 60; push @all, $pid } print 'no more than ', @all + 0, \" more: $!\\n\"; kill 9, @all"]
      }
    }
  }

  group "cpu" {
    task "cpu" {
      driver = "jail-task-driver"
      resources {
        cores = 1
      }
      config {
        command = "/bin/sh"
        args    = ["-c", "echo \"CPUs that I see: $(nproc)\""]
      }
    }
  }
}
