"""How well a task's laws pin its definitions down: corrupt a definition, and see whether a law notices.

`corruptions` makes the changes, `replacing` puts a changed definition into a claim, `scoring` counts the corruptions
that are caught. `relay task check` prints the result; trials do not use it.
"""
