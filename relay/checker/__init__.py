"""From a statement to a verdict.

Start reading at `checker`, which returns a `verdict`. `quick` settles short claims. For any other claim, `reading` and
`cutoffs/` choose the `cases` at which it is tried. The claim then goes through the `stages/` of its kind. Some stages
search for counterexamples (`search/`) among values (`sampling/`) in `fields`; others search for proofs (`generic/`,
`symbolic/`). `decision` and `triviality/` compute the verdict from the findings.

`referee/` is an independent second opinion. `phenomena` compares a definition with given rows. No module here reads a
hidden graph: a verdict depends on the statement, the definitions that it rests on, and what the task gives
(docs/checker.md).
"""
