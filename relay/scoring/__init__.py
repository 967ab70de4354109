"""The hidden side: what a statement earns, and who computes it. No researcher, scheme or agent imports this room.

`theory` is a task's hidden graph, read and checked, and `given_check` looks at what the task gives. `examiner` answers
everything about one statement: verdict, credit, phenomena. `judge` asks it, in a worker, or finds the answer in the
`cache`, whose keys hold a `fingerprint` of the code. `credit/` recognises concepts and laws, `mutation/` measures a
task's laws, `workers/` are the processes.
"""
