"""Checked syntax: the frozen, typed terms that everything after the parser works on.

A value of one of these classes is well typed by construction of the elaborator (`relay.notation.elaborate`), the only
code that builds them from text. They carry no positions and no comments; two terms that print alike are equal.
Sizes in types are themselves `Nat` terms, which is why types and terms share this module.

Calls name their target by identity, not by spelling: `key` is the hash of a definition, `"self"` inside a recursive
definition, or `"given:NAME"` for an operation that the task gives.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from relay.notation.comparisons import COMPARISONS

# --- types -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NatType:
    """0, 1, 2, ..."""


@dataclass(frozen=True, slots=True)
class BoolType:
    """Truth values."""


@dataclass(frozen=True, slots=True)
class ScalarType:
    """Elements of the model's field."""


@dataclass(frozen=True, slots=True)
class SortType:
    """Values of a sort that the task declares."""

    name: str


@dataclass(frozen=True, slots=True)
class VectorType:
    """Arrays of `size` scalars, indexed from 0."""

    size: Term


@dataclass(frozen=True, slots=True)
class MatrixType:
    """Arrays of `rows` by `columns` scalars, indexed from 0."""

    rows: Term
    columns: Term


@dataclass(frozen=True, slots=True)
class ListType:
    """Finite lists of values of one type (sizes of the items included)."""

    item: Type


@dataclass(frozen=True, slots=True)
class FnType:
    """Functions of one or more arguments."""

    parameters: tuple[Type, ...]
    result: Type


Type = NatType | BoolType | ScalarType | SortType | VectorType | MatrixType | ListType | FnType

NAT = NatType()
BOOL = BoolType()
SCALAR = ScalarType()

# --- terms -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral, already read as a `Nat` or as a `Scalar`."""

    value: int
    type: Type


@dataclass(frozen=True, slots=True)
class Truth:
    """`True` or `False`."""

    value: bool
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Variable:
    """A parameter, a size name or a generator's variable."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Apply:
    """A strict built-in operation.

    `op` is one of `OPERATIONS`. Operand types tell `Nat` arithmetic from scalar arithmetic.
    """

    op: str
    args: tuple[Term, ...]
    type: Type


OPERATIONS = (
    "add", "sub", "mul", "div", "floordiv", "mod", "neg", "pow",  # arithmetic; pow's exponent is a Nat
    "conj", "scalar",  # involution; Nat -> Scalar
    *COMPARISONS, "not",
    "entry", "component", "item",  # A[i, j], v[i], L[k]
    "len", "list", "concat",  # len(L); [a, b] (type says the item type when empty); L + M
    "apply", "curry",  # f(x, y), every argument given; f(x), some are: a function of the rest
    "monus",  # max(a - b, 0) on Nat; only inside types, as the size that `range(b, a)` gives
)  # fmt: skip
"""Every `Apply.op`, in one place: the evaluator, the printer and the hash all go through this list."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a definition or of a given operation, by identity."""

    name: str = field(compare=False)
    key: str
    args: tuple[Term, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Partial:
    """A function: what `key` calls, its first arguments given (maybe none).

    `sizes` are terms for those size names of the callee that `args` do not decide, in the order of its `sizes`.
    """

    name: str = field(compare=False)
    key: str
    args: tuple[Term, ...]
    sizes: tuple[Term, ...]
    type: FnType


@dataclass(frozen=True, slots=True)
class Choice:
    """What evaluates only as much as it needs: `kind` is `and`, `or`, `implies` (args a, b) or `if` (args condition,
    then, else). `a and b and c` nests to the right."""

    kind: str
    args: tuple[Term, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Comprehension:
    """`kind(body for ... if ...)`: `kind` is one of `COMPREHENSIONS`.

    `vector` has exactly one and `matrix` exactly two `range` generators and no condition; later sources and all
    conditions may mention earlier variables.
    """

    kind: str
    body: Term
    clauses: tuple[Clause, ...]
    type: Type


COMPREHENSIONS = ("sum", "prod", "all", "any", "count", "max", "min", "first", "list", "vector", "matrix")


@dataclass(frozen=True, slots=True)
class Generator:
    """`for variable in source`."""

    variable: Variable
    source: Source


@dataclass(frozen=True, slots=True)
class IfClause:
    """`if term` inside a comprehension."""

    term: Term


@dataclass(frozen=True, slots=True)
class Range:
    """`range(stop)` (start is the numeral 0) or `range(start, stop)`; empty when `stop <= start`."""

    start: Term
    stop: Term


@dataclass(frozen=True, slots=True)
class Items:
    """The items of a list, in order."""

    list: Term


@dataclass(frozen=True, slots=True)
class Permutations:
    """Permutations of 0..n-1 as lists of `Nat`, lexicographic."""

    n: Term


@dataclass(frozen=True, slots=True)
class Subsets:
    """Increasing lists of k of 0..n-1, lexicographic."""

    n: Term
    k: Term


@dataclass(frozen=True, slots=True)
class Values:
    """Every value of a type in a finite model, in the model's documented order (the last coordinate fastest)."""

    type: Type


Term = Numeral | Truth | Variable | Apply | Call | Partial | Choice | Comprehension
Clause = Generator | IfClause
Source = Range | Items | Permutations | Subsets | Values

# --- statements ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named, typed parameter of a statement."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Definition:
    """`define name(parameters) -> result = body`.

    `sizes` are the size names in the order in which they first stand bare in a parameter's type. `rests_on` maps each
    called definition's spelling in `source` to its key, direct calls only. `key` is the content hash: the same for
    definitions that differ in the names of parameters, sizes, bound variables, or in their own name.
    """

    name: str
    parameters: tuple[Parameter, ...]
    sizes: tuple[str, ...]
    result: Type
    body: Term
    source: str = field(compare=False)
    rests_on: tuple[tuple[str, str], ...] = field(compare=False)
    key: str
    nodes: int
    """Term nodes of the body: what `statement_size` bounds."""


@dataclass(frozen=True, slots=True)
class Claim:
    """`claim [name] [over class] (parameters) [where hypothesis]: body`."""

    name: str | None
    over: str
    """`fields`, `reals` or `complexes`."""
    parameters: tuple[Parameter, ...]
    sizes: tuple[str, ...]
    hypothesis: Term | None
    body: Term
    source: str = field(compare=False)
    rests_on: tuple[tuple[str, str], ...] = field(compare=False)
    key: str
    nodes: int
    """Term nodes of hypothesis and body."""


Statement = Definition | Claim
