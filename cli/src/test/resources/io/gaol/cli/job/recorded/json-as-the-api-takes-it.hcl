{
  "Job": {
    "ID": "j",
    "Name": "j",
    "Type": "batch",
    "Datacenters": ["dc1"],
    "Meta": {"a": "1"},
    "TaskGroups": [
      {
        "Name": "g",
        "Count": 2,
        "RestartPolicy": {"Attempts": 1, "Delay": 5000000000},
        "Tasks": [
          {
            "Name": "t",
            "Driver": "jail-task-driver",
            "Config": {
              "command": "/bin/echo",
              "args": ["${NOMAD_TASK_NAME}", "$${x}"],
              "Rctl": {"Maxproc": {"Action": "deny", "Amount": "50"}}
            },
            "Env": {"A": "x"},
            "KillTimeout": 7000000000,
            "Resources": {"CPU": 200, "MemoryMB": 64}
          }
        ]
      }
    ]
  }
}
