"""Values of terms, over batches of lanes, with fuel."""

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
