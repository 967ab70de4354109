"""From checked terms back to text, with no more brackets than needed.

If a statement was read from text, reading its printed form gives an equal statement with the same key. A term that code
put together may lack what decides the types of its numerals: `2 != 0` does not say that it is about scalars. Such a
term is printed all the same.
"""

from __future__ import annotations

from itertools import pairwise

from relay.notation.comparisons import COMPARISONS, SYMBOLS
from relay.notation.syntax import (
    Apply,
    BoolType,
    Call,
    Choice,
    Claim,
    Clause,
    Comprehension,
    FnType,
    IfClause,
    Items,
    ListType,
    MatrixType,
    NatType,
    Numeral,
    Parameter,
    Partial,
    Permutations,
    Range,
    ScalarType,
    Source,
    Statement,
    Subsets,
    Term,
    Truth,
    Type,
    Variable,
    VectorType,
)

__all__ = ["print_statement", "print_term", "print_type"]

# How tightly a term binds: the levels of the grammar, loosest first.
_TERM, _OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _FACTOR, _POWER, _ATOM = range(10)

_BINARY = {  # symbol, own level, least level of the left and of the right operand
    "add": ("+", _SUM, _SUM, _PRODUCT),
    "sub": ("-", _SUM, _SUM, _PRODUCT),
    "concat": ("+", _SUM, _SUM, _PRODUCT),
    "mul": ("*", _PRODUCT, _PRODUCT, _FACTOR),
    "div": ("/", _PRODUCT, _PRODUCT, _FACTOR),
    "floordiv": ("//", _PRODUCT, _PRODUCT, _FACTOR),
    "mod": ("%", _PRODUCT, _PRODUCT, _FACTOR),
    "pow": ("**", _POWER, _ATOM, _FACTOR),
    **{op: (symbol, _COMPARISON, _SUM, _SUM) for op, symbol in SYMBOLS.items()},
    "and": ("and", _AND, _NOT, _AND),
    "or": ("or", _OR, _AND, _OR),
}


def print_type(type: Type) -> str:
    """The type as text."""
    if isinstance(type, NatType):
        return "Nat"
    if isinstance(type, BoolType):
        return "Bool"
    if isinstance(type, ScalarType):
        return "Scalar"
    if isinstance(type, VectorType):
        return f"Vector[{print_term(type.size)}]"
    if isinstance(type, MatrixType):
        return f"Matrix[{print_term(type.rows)}, {print_term(type.columns)}]"
    if isinstance(type, ListType):
        return f"List[{print_type(type.item)}]"
    if isinstance(type, FnType):
        return f"Fn[{', '.join(print_type(part) for part in (*type.parameters, type.result))}]"
    return type.name


def print_term(term: Term) -> str:
    """The term as text, on one line."""
    return _at(term, _TERM, "self")


def print_statement(statement: Statement) -> str:
    """The statement as text, on one line and without comments."""
    parameters = ", ".join(_parameter(parameter) for parameter in statement.parameters)
    body = _at(statement.body, _TERM, statement.name or "self")
    if not isinstance(statement, Claim):
        return f"define {statement.name}({parameters}) -> {print_type(statement.result)} = {body}"
    head = "claim" + (f" {statement.name}" if statement.name else "")
    over = "" if statement.over == "fields" else f" over {statement.over}"
    where = "" if statement.hypothesis is None else f" where {print_term(statement.hypothesis)}"
    return f"{head}{over} ({parameters}){where}: {body}"


def _parameter(parameter: Parameter) -> str:
    return f"{parameter.name}: {print_type(parameter.type)}"


def _at(term: Term, least: int, itself: str) -> str:
    """The term as text, in brackets if it binds less tightly than `least`. `itself` is printed for the key `"self"`."""
    text, level = _print(term, itself)
    return text if level >= least else f"({text})"


def _print(term: Term, itself: str) -> tuple[str, int]:
    """The term as text, and the level at which it binds."""
    if isinstance(term, Numeral | Truth):
        return str(term.value), _ATOM
    if isinstance(term, Variable):
        return term.name, _ATOM
    if isinstance(term, Call):
        name = itself if term.key == "self" else term.name
        return f"{name}({_list(term.args, itself)})", _ATOM
    if isinstance(term, Partial):
        name = itself if term.key == "self" else term.name
        return f"{name}({_list(term.args, itself)})" if term.args else name, _ATOM
    if isinstance(term, Comprehension):
        inside = _at(term.body, _TERM, itself) + "".join(_clause(clause, itself) for clause in term.clauses)
        return (f"[{inside}]" if term.kind == "list" else f"{term.kind}({inside})"), _ATOM
    if not isinstance(term, Apply | Choice):
        return str(term), _ATOM  # an `OpenSize` in the type of a draft, for a message
    kind = term.op if isinstance(term, Apply) else term.kind
    args = term.args
    links = _chain(term)
    if len(links) > 1:
        # `1 < n < 3`, not `1 < n and n < 3`: in a chain each term helps to decide the numerals on both its sides.
        first = _at(links[0].args[0], _SUM, itself)
        rest = (f" {_BINARY[link.op][0]} {_at(link.args[1], _SUM, itself)}" for link in links)
        return first + "".join(rest), _COMPARISON
    if kind in _BINARY:
        symbol, level, left, right = _BINARY[kind]
        return f"{_at(args[0], left, itself)} {symbol} {_at(args[1], right, itself)}", level
    if kind == "if":
        then, condition = _at(args[1], _OR, itself), _at(args[0], _OR, itself)
        return f"{then} if {condition} else {_at(args[2], _TERM, itself)}", _TERM
    if kind == "not":
        return f"not {_at(args[0], _NOT, itself)}", _NOT
    if kind == "neg":
        return f"-{_at(args[0], _FACTOR, itself)}", _FACTOR
    if kind == "list":
        return f"[{_list(args, itself)}]", _ATOM
    if kind in ("apply", "curry"):
        return f"{_at(args[0], _ATOM, itself)}({_list(args[1:], itself)})", _ATOM
    if kind in ("entry", "component", "item"):
        return f"{_at(args[0], _ATOM, itself)}[{_list(args[1:], itself)}]", _ATOM
    if kind == "monus":  # no word of the notation
        a, b = _at(args[0], _SUM, itself), _at(args[1], _PRODUCT, itself)
        return f"{a} - {b} if {b} < {a} else 0", _TERM
    return f"{kind}({_list(args, itself)})", _ATOM  # len, scalar, conj, implies


def _chain(term: Term) -> list[Apply]:
    """The comparisons of a term that can be written as one chain, such as `a < b <= c`; empty if it can't be."""
    links: list[Apply] = []
    while isinstance(term, Choice) and term.kind == "and" and isinstance(term.args[0], Apply):
        links.append(term.args[0])
        term = term.args[1]
    if not isinstance(term, Apply):
        return []
    links.append(term)
    joined = all(left.args[-1] == right.args[0] for left, right in pairwise(links))
    return links if joined and all(link.op in COMPARISONS for link in links) else []


def _list(terms: tuple[Term, ...], itself: str) -> str:
    return ", ".join(_at(term, _TERM, itself) for term in terms)


def _clause(clause: Clause, itself: str) -> str:
    if isinstance(clause, IfClause):
        return f" if {_at(clause.term, _OR, itself)}"
    return f" for {clause.variable.name} in {_source(clause.source, itself)}"


def _source(source: Source, itself: str) -> str:
    if isinstance(source, Range):
        if isinstance(source.start, Numeral) and source.start.value == 0:
            return f"range({_at(source.stop, _TERM, itself)})"
        return f"range({_list((source.start, source.stop), itself)})"
    if isinstance(source, Items):
        return _at(source.list, _OR, itself)
    if isinstance(source, Permutations):
        return f"permutations({_at(source.n, _TERM, itself)})"
    if isinstance(source, Subsets):
        return f"subsets({_list((source.n, source.k), itself)})"
    return print_type(source.type)
