"""The referee: a second opinion on claims at small sizes, exact, by SymPy, one path after another.

It shares only `relay.notation` with the checker: another evaluator, another arithmetic, another way to decide. Where
its opinion and a verdict contradict each other, one of the two is wrong.

- `values`: vectors, matrices and lists of anything.
- `arithmetic`: what scalars can do, and what may end a reading.
- `interpreter`: the meaning of terms, by plain recursion over any arithmetic; `operations` and `comprehensions` read
  those, with `naturals` and `containers`.
- `paths`: a value in which every decision about scalars that the entries leave open is written down.
- `symbolic`, `points`: arithmetic on quotients of polynomials, and on numbers.
- `solving`: whether some field has values that a path asks for.
- `cases`: sizes, and the parameters' values at them.
- `opinion`: a claim at given sizes: true in every field, false in one, undefined in one, vacuous, or unknown.
"""
