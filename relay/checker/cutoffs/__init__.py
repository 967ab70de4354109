"""Finds numbers at which a claim may change from true to false, so that sizes are tried there.

`compared_constants` reads the numbers in the text. `observed_constants` observes them while the statement is evaluated.
`change_points` evaluates, at many sizes, the terms that are computed from sizes. `sizes_as_scalars` finds sizes that
have become scalars. `closed_terms` computes terms without variables. `relay.checker.cases` decides which cases follow
from the numbers."""
