"""Terms turned into Python closures once, and then valued one value at a time (`relay.evaluation.plain_values`).

The meaning is that of `relay.evaluation.machine`, except for fuel: what is bounded is the number of items and calls.
Ranging over a type and operations of a structure are refused with `Undecidable`, when the term is turned. Closures are
composed from functions that stand here; no code is made from text.
"""
