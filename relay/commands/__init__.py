"""Commands that need neither agents nor analysis, and what all commands share. `cli.py` has the others.

A file a command: `check`, `task`, `cache`, `list`. All share `app` (the application), `options` and `output`;
`progress` is the line for long work, `announcement` is printed before a trial starts, `ordered` does work side by side
and reports it in order. `statements` and `second_opinion` belong to `relay check`, `task_report`, `task_table` and
`task_portrait` to `relay task`, `installed` to `relay list`. Commands import what they need when they run, so that
`relay --help` is instant.
"""
