"""Numbers at which a claim may change from true to false, so that sizes are tried there.

`compared_constants` reads them in the text, `observed_constants` sees them while the statement is evaluated,
`change_points` evaluates what is computed from sizes at many of them, `sizes_as_scalars` finds sizes that have become
scalars, and `closed_terms` computes terms without variables. Which cases follow from the numbers is up to
`relay.checker.cases`.
"""
