"""Interventions: what a trial's own control writes into the notes when a generation has ended.

`intervention` has the interface, `desk` is what an intervention acts with. `junk` writes notes that are of no use,
`planted` puts an error into the notes, `oracle` writes a textbook. What they write is judged like any statement,
logged, and told to researchers as notes by the author `control`. It costs them nothing, and earns them nothing.
"""
