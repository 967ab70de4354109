"""The referee: a second opinion on claims at small sizes, computed exactly with SymPy, path by path.

The referee shares only `relay.notation` with the checker. It has another evaluator, another arithmetic, and another way
to decide. If its opinion and a verdict contradict each other, one of the two is wrong.

- `values`: vectors, matrices and lists over any scalars.
- `arithmetic`: the interface of scalar arithmetic, and the exceptions that end an evaluation.
- `interpreter`: evaluates terms by plain recursion over any arithmetic, with `operations`, `comprehensions`, `naturals`
  and `containers`.
- `paths`: the decisions that one evaluation made about generic scalars.
- `symbolic`, `points`: arithmetic on quotients of polynomials, and on numbers.
- `solving`: decides whether some field has values that satisfy a path's decisions.
- `cases`: sizes, and the parameters' values at them.
- `opinion`: the result for a claim at given sizes: true in every field, false in some field, undefined in some field,
  vacuous, or unknown.
"""
