{
  "job": {
    "j": {
      "type": "batch",
      "group": {
        "g": {
          "count": 2,
          "task": {
            "t": {
              "driver": "exec",
              "config": {
                "command": "/bin/echo",
                "args": ["${NOMAD_TASK_NAME}", "${upper(\"x\")}"]
              },
              "env": {"A": "1"}
            }
          }
        }
      }
    }
  }
}
