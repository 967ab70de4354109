"""Disguises: definitions that equal a concept's reference except where a condition holds.

There the value differs from the reference everywhere (one more, or the negation), so a disguise is wrong wherever its
condition can be met. Conditions depend on sizes, lengths, fields, exponents, constants, conjugation, recursion or fuel.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from relay.notation.printing import print_type
from relay.notation.syntax import (
    BoolType,
    Definition,
    ListType,
    MatrixType,
    NatType,
    ScalarType,
    Type,
    Variable,
    VectorType,
)

BURN = "define burn(k: Nat) -> Nat = 1 if k == 0 else burn(k - 1) + burn(k - 1)"
DOUBLE = "define twice(k: Nat) -> Nat = 0 if k == 0 else 2 + twice(k - 1)"
HELPERS = (BURN, DOUBLE)

SMALL_FIELDS = (2, 3, 4, 5, 7, 8, 9)
"""Exponents q that hide a small field: in the field with q elements, x to the power q is x."""


@dataclass(frozen=True)
class Disguise:
    """A wrong definition, and the kind of condition that it hides behind."""

    hides: str
    source: str


def disguises(reference: Definition) -> Iterator[Disguise]:
    """Wrong definitions that have the type of the reference."""
    head = ", ".join(f"{p.name}: {print_type(p.type)}" for p in reference.parameters)
    call = f"{reference.name}({', '.join(p.name for p in reference.parameters)})"
    result = print_type(reference.result)
    other = _other(call, reference.result)
    define = f"define disguise({head}) -> {result} ="

    def either(condition: str) -> str:
        return f"{define} {call} if {condition} else {other}"

    for name in _numbers(reference):
        yield Disguise(f"{name} not 2", either(f"{name} == 2"))
        yield Disguise(f"{name} from 4 on", either(f"{name} < 4"))
        yield Disguise(f"{name} from 9 on", either(f"{name} < 9"))
        yield Disguise(f"{name} is 5", either(f"{name} != 5"))
        yield Disguise(f"{name} is 5 * 8", either(f"{name} != 5 * 8"))
        yield Disguise(f"{name} is 30, counted", either(f"{name} != sum(2 for i in range(15))"))
        yield Disguise(f"{name} doubled by recursion", either(f"twice({name}) != 10"))
        yield Disguise(f"{name} even", either(f"{name} % 2 == 1"))
        yield Disguise(f"{name} large, and dear", either(f"{name} < 4 or burn(40) == 0"))
    for entry in _entries(reference):
        for p in (2, 3, 97, 999_983):
            yield Disguise(f"characteristic {p}", either(f"scalar({p}) != 0"))
        yield Disguise(
            "characteristic 97 * 89",
            either(f"scalar(97 * 89) * {entry} == scalar(97 * 89) * {entry} + 0 and scalar(97 * 89) != 0"),
        )
        yield Disguise("exponents", either(" or ".join(f"{entry} ** {q} == {entry}" for q in SMALL_FIELDS)))
        yield Disguise("the exponent 9", either(f"{entry} ** 9 == {entry} or {entry} ** 4 == {entry}"))
        yield Disguise("a long product", either(f"prod({entry} for i in range(840)) * {entry} == {entry}"))
        yield Disguise("conj", either(f"conj({entry}) == {entry}"))
        yield Disguise("a constant", either(f"{entry} != 12345"))
        yield Disguise("a quotient", either(f"{entry} * 7 != 22"))
        yield Disguise("no value at a constant", f"{define} {call} if 1 / ({entry} - 3) != 0 else {call}")
        yield Disguise("fuel at a constant", either(f"{entry} != 6 or burn(40) == 0"))
    for one, two in _pairs(reference):
        yield Disguise("two entries that are equal", either(f"{one} != {two}"))
        yield Disguise("two entries that undo each other", either(f"{one} * {two} != 1"))
    for parameter in reference.parameters:
        yield from _shapes(parameter.name, parameter.type, either)
    yield Disguise("nothing", f"{define} {_nothing(reference.result)}")
    if isinstance(reference.result, BoolType):
        yield Disguise("always", f"{define} True")
        yield Disguise("no value where it is true", f"{define} {call} and 1 / scalar(0) == 1")
        yield Disguise("no value where it is false", f"{define} {call} or 1 / scalar(0) == 1")
    if isinstance(reference.result, ScalarType):
        yield Disguise("a zero multiple", f"{define} 0 * {call}")
        yield Disguise("twice", f"{define} {call} + {call}")
        yield Disguise("a square", f"{define} {call} * {call}")
    for parameter in reference.parameters:
        if parameter.type == reference.result:
            yield Disguise("a projection", f"{define} {parameter.name}")


def _other(call: str, result: Type) -> str:
    """A term whose value always differs from that of the call."""
    if isinstance(result, BoolType):
        return f"not {call}"
    if isinstance(result, VectorType):
        return f"vector({call}[k0] + 1 for k0 in range({_size(result.size)}))"
    if isinstance(result, MatrixType):
        rows, columns = _size(result.rows), _size(result.columns)
        return f"matrix({call}[k0, k1] + 1 for k0 in range({rows}) for k1 in range({columns}))"
    return f"{call} + 1"


def _nothing(result: Type) -> str:
    if isinstance(result, BoolType):
        return "False"
    if isinstance(result, VectorType):
        return f"vector(0 for k0 in range({_size(result.size)}))"
    if isinstance(result, MatrixType):
        rows, columns = _size(result.rows), _size(result.columns)
        return f"matrix(0 for k0 in range({rows}) for k1 in range({columns}))"
    return "0"


def _size(term: object) -> str:
    """A size as written in a type."""
    text = print_type(VectorType(term))  # type: ignore[arg-type]
    return text[len("Vector[") : -1]


def _numbers(reference: Definition) -> list[str]:
    """Natural numbers that a condition may use: the names of sizes and `Nat` parameters."""
    return [*reference.sizes, *(p.name for p in reference.parameters if isinstance(p.type, NatType))]


def _entries(reference: Definition) -> list[str]:
    """A term for one scalar of the arguments that exists at every size."""
    for parameter in reference.parameters:
        if isinstance(parameter.type, MatrixType):
            return [f"{parameter.name}[0, 0]"]
        if isinstance(parameter.type, VectorType) and isinstance(parameter.type.size, Variable):
            return [f"{parameter.name}[0]"]
    return [p.name for p in reference.parameters if isinstance(p.type, ScalarType)][:1]


def _pairs(reference: Definition) -> list[tuple[str, str]]:
    """Terms for two scalars of the arguments that are different entries if all sizes are above 1."""
    for parameter in reference.parameters:
        match parameter.type:
            case MatrixType(Variable(rows), Variable(columns)):
                return [(f"{parameter.name}[0, 0]", f"({parameter.name}[{rows} - 1, {columns} - 1] + 3)")]
            case VectorType(Variable(size)):
                return [(f"{parameter.name}[0]", f"({parameter.name}[{size} - 1] + 3)")]
    return []


def _shapes(name: str, type_: Type, either: object) -> Iterator[Disguise]:
    assert callable(either)
    if isinstance(type_, MatrixType) and isinstance(type_.rows, Variable) and type_.rows == type_.columns:
        n = type_.rows.name
        yield Disguise(
            "symmetric ones",
            either(f"any({name}[ro, co] != {name}[co, ro] for ro in range({n}) for co in range(ro))"),
        )
        yield Disguise("diagonal ones from 3 on", either(
            f"{n} < 3 or any({name}[ro, co] != 0 for ro in range({n}) for co in range({n}) if ro != co)"))  # fmt: skip
        yield Disguise("triangular ones", either(
            f"{n} < 2 or any({name}[ro, co] != 0 for ro in range({n}) for co in range(ro))"))  # fmt: skip
        yield Disguise("a zero column", either(f"any({name}[ro, {n} - 1] != 0 for ro in range({n}))"))
    if isinstance(type_, MatrixType) and isinstance(type_.rows, Variable) and isinstance(type_.columns, Variable):
        m, n = type_.rows.name, type_.columns.name
        if m != n:
            yield Disguise("tables that are no squares", either(f"{m} == {n}"))
        yield Disguise("rank below 2", either(
            f"any({name}[ro, co] * {name}[0, 0] != {name}[ro, 0] * {name}[0, co] "
            f"for ro in range({m}) for co in range({n}))"
        ))  # fmt: skip
    if isinstance(type_, ListType):
        yield Disguise("lists of more than 3", either(f"len({name}) < 4"))
        yield Disguise("lists of 7", either(f"len({name}) != 7"))
        yield Disguise("empty lists", either(f"len({name}) != 0"))
