"""Evaluation of terms, with fuel: in batches of lanes, or one value at a time.

`evaluate` is the entry point for batches. `machine` walks a term; one module evaluates each kind of node. Batches
consist of `lanes` and `values`. `generators`, `comprehension` and `folds` evaluate comprehensions. `closures` and
`function_families` hold functions as values. `compiled` turns a term into closures that compute one value at a time.
`algebra/` holds the arithmetic. docs/notation.md defines what terms mean; docs/evaluation.md explains the evaluator.
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
