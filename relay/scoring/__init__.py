"""The hidden side: what a statement earns, and how it is computed. No researcher, scheme or agent imports this room.

`theory` reads and checks a task's hidden graph; `given_check` checks the task's given sorts and operations. `examiner`
computes all results for one statement: verdict, credit, phenomena. `judge` runs the examiner in a worker, or takes the
result from the `cache`, whose keys contain a `fingerprint` of the code. `credit/` recognises concepts and laws,
`mutation/` measures how well a task's laws pin its definitions down, and `workers/` runs the processes.
"""
