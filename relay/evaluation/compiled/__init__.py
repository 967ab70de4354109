"""Terms compiled once into Python closures that compute one value at a time (`relay.evaluation.plain_values`).

Terms mean the same as in `relay.evaluation.machine`, except for fuel: here the number of items and calls is bounded.
Compilation raises `Undecidable` for terms that range over a type, use operations of a structure, or use functions as
values. Closures are composed from the functions in this package; no code is generated from text.
"""
