"""From a statement to a verdict.

`checker` puts the stages in order, and `verdict` is what comes out. `cases` and `fields` say where a claim is tried,
`search` looks for counterexamples, `characteristics` and `ordered_fields` look in further fields, `claim_batch` is one
claim on one batch of values, `quick` settles short claims, `phenomena` compares a definition with given rows. The
folders are `cutoffs/`, `sampling/`, `generic/`, `symbolic/`, `triviality/` and `referee/`. Nothing here knows a hidden
graph: a verdict depends on the statement, what it rests on, and what the task gives (docs/checker.md).
"""
