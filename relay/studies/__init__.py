"""Studies: a grid of conditions with paired seeds and controls, from one file.

- `fields`: the condition of a study's file, and how an axis sets a part of it
- `controls`: what each control changes in the condition of an arm
- `grid`: the arms of a study, each once
- `layout`: the trials, each with its resolved condition and its directory
- `running`: all trials, side by side over the cores
- `status`: how far each trial is
"""
