"""The grammar that a model's answers can be decoded with, so that its statements are well formed.

It is made for each turn from what the researcher can call: `callees` (what that is), `names` (what a name stands for),
`sizes` (how nodes are shared out), `references`, `folds` and `terms` (the rules), `statements` (whole statements, and
the entry point) and `rules` (the grammar as text). It does not have all of the notation; docs/models.md says what is
left out.
"""
