"""One chain of generations with one seed.

`trial` is the loop. `resolve` makes a condition, `setup` builds its components, `preflight` looks whether it can run,
`directory` has the files. `tenure` is one researcher's life: `opening` (how it begins), `allowance` and `charging`
(what it may spend and is charged), `action_executor` (what an action does). `tenure_state` and `state` are folds over
events, with `event_meaning`; `measures` says what a generation is worth. What a trial shows is up to `analysis`.
"""
