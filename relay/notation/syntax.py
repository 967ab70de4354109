"""Checked syntax: the frozen, typed terms that everything after the parser works on.

Terms that come from text are well typed, because only the elaborator (`relay.notation.elaborate`) builds them. They
hold no positions and no comments; two terms that print alike are equal. Sizes in types are themselves `Nat` terms, so
types and terms share this module.

A call names its target by identity, not by spelling: `key` is the hash of a definition, `"self"` inside a recursive
definition, `"given:NAME"` for an operation of the task, or `"seen:PLACE"` for the values that the task's phenomenon at
`PLACE` shows (in the terms of `evaluate` and `match` only).
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
    """Finite lists of values of one type; the sizes of the items belong to the type."""

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
    """A numeral, already decided to be a `Nat` or a `Scalar`."""

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
    """A strict built-in operation: if an operand is undefined, so is the result.

    `op` is one of `OPERATIONS`. The types of the operands distinguish `Nat` arithmetic from scalar arithmetic.
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
"""Every `Apply.op`. The evaluator, the printer and the canonical form handle all of them."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a definition or of an operation of the task. Its `name` is for printing only."""

    name: str = field(compare=False)
    key: str
    args: tuple[Term, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Partial:
    """A function as a value: the callee `key` with its first arguments given, maybe none.

    `sizes` are the terms for those size names of the callee that `args` do not decide, in the callee's order.
    """

    name: str = field(compare=False)
    key: str
    args: tuple[Term, ...]
    sizes: tuple[Term, ...]
    type: FnType


@dataclass(frozen=True, slots=True)
class Choice:
    """An operation that evaluates only the arguments that it needs.

    `kind` is `and`, `or`, `implies` (args a, b) or `if` (args condition, then, else). `a and b and c` nests to the
    right.
    """

    kind: str
    args: tuple[Term, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Comprehension:
    """`kind(body for ... if ...)`: `kind` is one of `COMPREHENSIONS`.

    `vector` has exactly one `range` generator, `matrix` exactly two, and neither has a condition. A source or a
    condition may mention the variables of earlier generators.
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
    """The permutations of 0..n-1 as lists of `Nat`, in lexicographic order."""

    n: Term


@dataclass(frozen=True, slots=True)
class Subsets:
    """The increasing lists of `k` numbers out of 0..n-1, in lexicographic order."""

    n: Term
    k: Term


@dataclass(frozen=True, slots=True)
class Values:
    """Every value of a type in a finite model, in the model's documented order (the last coordinate varies fastest)."""

    type: Type


TABLES = ("given:", "seen:")
"""How the keys of calls begin that no definition answers, but a table."""

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

    `sizes` are the size names in the order in which they first stand bare in a parameter's type. `rests_on` has a pair
    for each definition that is called directly: its name as written in `source`, and its key. `key` is the content
    hash. It does not depend on the names of parameters, sizes and bound variables, nor on the definition's own name.
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
    """The number of term nodes of the body, which `statement_size` bounds."""


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
    """The number of term nodes of hypothesis and body together."""


Statement = Definition | Claim
