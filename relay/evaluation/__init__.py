"""Values of terms, with fuel: in batches of lanes, or one value at a time.

`evaluate` is the door to batches, and `machine` walks a term, with a module for each kind of node. `lanes` and `values`
are what batches consist of; `generators`, `comprehension` and `folds` carry out comprehensions; `closures` and
`function_families` are functions as values. `compiled` turns a term into closures for one value at a time. `algebra/`
has the arithmetic. The meaning of terms is the notation's (docs/notation.md); docs/evaluation.md explains the rest.
Nothing here decides whether a claim is true.
"""

from relay.evaluation.equality import equal
from relay.evaluation.evaluate import Outcome, call, evaluate
from relay.evaluation.lanes import EXHAUSTED, OK, UNDEFINED
from relay.evaluation.printing import show
from relay.evaluation.values import ListValue, MatrixValue, Value, VectorValue, take

__all__ = [
    "EXHAUSTED",
    "OK",
    "UNDEFINED",
    "ListValue",
    "MatrixValue",
    "Outcome",
    "Value",
    "VectorValue",
    "call",
    "equal",
    "evaluate",
    "show",
    "take",
]
