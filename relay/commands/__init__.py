"""The commands that import neither agents nor analysis, and the parts that all commands share.

`cli.py` defines the other commands. Each command has a file: `check`, `task`, `cache`, `list`. All commands share:

- `app`: the application, and `invocation`: from a command line to an exit status;
- `options`, `arguments`, `completion`: the parameters, their meaning, and shell completion;
- `output` and `console`: the only ways to print, which escape what a terminal would obey;
- `progress`, `announcement`: the progress line, and the preface of a trial;
- `ordered`: concurrent work whose results come in order; `trial_run`: running a trial.

`file_check`, `statements` and `second_opinion` belong to `relay check`; the `task_*` modules to `relay task`;
`installed` to `relay list`. A command imports the code that computes when it runs, so that `relay --help` is instant.
"""
