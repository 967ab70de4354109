"""What the commands do and show, where neither agents nor analysis are needed; `cli.py` has the other commands.

A file a command: `check`, `task`, `cache`, `list`. `options` and `output` are shared by all, `progress` is the line for
long work, `announcement` is said before a trial starts, `ordered` begins work ahead of its turn. `statements` and
`second_opinion` belong to `relay check`, `task_report`, `task_table` and `task_portrait` to `relay task`, `installed`
to `relay list`. Commands import what they need when they run, so that `relay --help` is instant.
"""
