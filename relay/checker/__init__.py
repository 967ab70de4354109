"""From a statement to a verdict.

`checker` is the door, and `verdict` is what comes out. `quick` settles short claims. Any other claim is read
(`reading`, `cutoffs/`): which `cases` it is tried at. It goes through the `stages/` of its kind, which look for
counterexamples (`search/`) among values (`sampling/`) in `fields`, or for proofs (`generic/`, `symbolic/`); `decision`
and `triviality/` turn the findings into the verdict. `referee/` is a second opinion, `phenomena` compares a definition
with given rows. Nothing here knows a hidden graph: a verdict depends on the statement, what it rests on, and what the
task gives (docs/checker.md).
"""
