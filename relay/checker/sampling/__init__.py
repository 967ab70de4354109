"""Values for the parameters of a statement: exhausted, random, or built to satisfy a hypothesis.

`parameter_values` is the door; `function_values`, `matrix_families` and `structured_values` draw values with structure;
`hypotheses` takes a hypothesis apart, `linear_solving` solves what is linear in it, and `construction` puts values
together. Nothing here decides whether a value satisfies the hypothesis: it is evaluated there like any other.
"""
