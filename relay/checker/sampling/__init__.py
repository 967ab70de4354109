"""Values for the parameters of a statement: exhausted, random, or built to satisfy a hypothesis.

`parameter_values` is the door. `array_families`, `matrix_families` and `structured_matrices` are families of arrays;
`structured_values` and `recipes` bend random values towards them; `function_values` draws functions
(`general_functions`, `polynomial_maps`, `predicates`, `translations`). `hypotheses` takes a hypothesis apart,
`linear_solving` solves what is linear in it, and `construction` puts values together. Nothing here decides whether a
value satisfies the hypothesis: it is evaluated there like any other.
"""
