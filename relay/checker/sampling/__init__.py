"""Values for the parameters of a statement: exhaustive, random, or built to satisfy a hypothesis.

Start at `parameter_values`. `array_families`, `matrix_families` and `structured_matrices` define families of arrays.
`structured_values` and `recipes` overwrite random values with structured ones. `function_values` draws functions from
`general_functions`, `polynomial_maps`, `predicates` and `translations`. `hypotheses` splits a hypothesis into
requirements, `linear_solving` solves the requirements that are linear in one parameter, and `construction` combines
families and solving.

No module here decides whether a value satisfies the hypothesis. The checker evaluates the hypothesis at every value,
no matter how the value was made.
"""
