"""One chain of generations with one seed.

`trial` is the loop. `resolve` makes a condition, `setup` builds its components, `preflight` checks that it can run, and
`directory` holds the paths of its files. `tenure` is one researcher's life: `opening` (its first view), `allowance` and
`charging` (what it may spend and what it is charged), `interviewer` (requests an answer), `action_executor` (carries
out an action). `tenure_state` and `state` are folds over events. `readable` says what a successor could call, and
`measures` computes the measures of a generation. Showing a trial is the job of `analysis`.
"""
