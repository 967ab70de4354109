"""Recognises by its text whether a definition is the determinant or the adjugate.

A definition's body is put in a standard form: calls are opened, names are replaced by numbers, and sums and products
are sorted. If the form equals that of a known text, the definition is that function.

This module does not prove that the known texts define the determinant or the adjugate. The tests compare their values
at small sizes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from relay.notation import Scope, read_statement
from relay.notation.comparisons import EQUALITIES, TURNED
from relay.notation.rewriting import with_keys
from relay.notation.sizes import bind_sizes, substitute
from relay.notation.syntax import (
    Apply,
    Call,
    Choice,
    Definition,
    Generator,
    IfClause,
    Items,
    MatrixType,
    NatType,
    Numeral,
    Partial,
    Permutations,
    Range,
    ScalarType,
    Source,
    Subsets,
    Term,
    Truth,
    Variable,
)
from relay.notation.traversal import walk
from relay.notation.unfolding import unfold
from relay.records.task import Given

DET = "determinant"
ADJ = "adjugate"
MOST_MADE = 2_000
"""Largest number of terms made by opening the calls in a definition. The longest known text has about 100."""


@dataclass(frozen=True, slots=True)
class Known:
    """The function of square matrices that a definition was recognised as."""

    name: str
    least: int
    """The definition is that function for matrices of this size or larger."""


_MINORS = (
    "matrix(A[i if i < {r} else i + 1, k if k < {c} else k + 1] for i in range(n - 1) for k in range(n - 1))",
    "matrix(A[i + 1, k if k < {c} else k + 1] for i in range(n - 1) for k in range(n - 1))",
    "matrix(A[i + 1, k + 1 if k >= {c} else k] for i in range(n - 1) for k in range(n - 1))",
    "matrix(A[i + 1 if i >= {r} else i, k + 1 if k >= {c} else k] for i in range(n - 1) for k in range(n - 1))",
    "matrix(A[i + (1 if {r} <= i else 0), k + (1 if {c} <= k else 0)] for i in range(n - 1) for k in range(n - 1))",
    "matrix(A[i + 1, k + (1 if {c} <= k else 0)] for i in range(n - 1) for k in range(n - 1))",
    "matrix(A[i if i < {r} else i + 1, k + 1] for i in range(n - 1) for k in range(n - 1))",
    "matrix(A[i + 1 if i >= {r} else i, k + 1] for i in range(n - 1) for k in range(n - 1))",
)
_SIGNS = ("(-1) ** j", "(1 if j % 2 == 0 else -1)", "(-1 if j % 2 == 1 else 1)")
_BASES = (("1 if n == 0", 0), ("A[0, 0] if n == 1", 1))
_INVERSIONS = (
    "prod((-1 if p[i] > p[j] else 1) for j in range(len(p)) for i in range(j))",
    "prod((-1 if p[i] > p[j] else 1) for i in range(n) for j in range(i + 1, n))",
    "prod((-1 if p[i] > p[j] else 1) for j in range(n) for i in range(j))",
    "prod((1 if p[i] < p[j] else -1) for j in range(n) for i in range(j))",
    "prod((-1 if p[j] < p[i] else 1) for i in range(n) for j in range(i + 1, n))",
    "(-1) ** count(p[i] > p[j] for j in range(n) for i in range(j))",
    "(-1) ** count(p[i] > p[j] for i in range(n) for j in range(i + 1, n))",
    "(-1) ** count(p[j] < p[i] for i in range(n) for j in range(i + 1, n))",
)
COFACTOR_MINORS = (
    "matrix(A[k if k < j else k + 1, l if l < i else l + 1] for k in range(n - 1) for l in range(n - 1))",
    "matrix(A[k + (1 if j <= k else 0), l + (1 if i <= l else 0)] for k in range(n - 1) for l in range(n - 1))",
    "matrix(A[k + 1 if k >= j else k, l + 1 if l >= i else l] for k in range(n - 1) for l in range(n - 1))",
    "matrix(A[k + (0 if k < j else 1), l + (0 if l < i else 1)] for k in range(n - 1) for l in range(n - 1))",
)
COFACTOR_SIGNS = (
    "(-1) ** (i + j)",
    "(1 if (i + j) % 2 == 0 else -1)",
    "(-1 if (i + j) % 2 == 1 else 1)",
    "(-1) ** i * (-1) ** j",
)
_DIAGONALS = ("prod(A[k, p[k]] for k in range(n))", "prod(A[p[k], k] for k in range(n))")


def texts() -> list[tuple[str, int]]:
    """Return the known texts of the determinant of `A`, each with the smallest size at which it is right.

    These are the expansions by the first row and the first column, and the sum over permutations (Leibniz).
    """
    found: list[tuple[str, int]] = []
    for base, least in _BASES:
        for minor in _MINORS:
            for sign in _SIGNS:
                for entry, r, c in (("A[0, j]", "0", "j"), ("A[j, 0]", "j", "0")):
                    # A minor with `{r}` and `{c}` suits both expansions, the others leave out the first row or column.
                    both = "{r}" in minor and "{c}" in minor
                    first_row = minor.startswith("matrix(A[i + 1, ")
                    if both or first_row == (r == "0"):
                        part = minor.format(r=r, c=c)
                        found.append((f"{base} else sum({sign} * {entry} * self({part}) for j in range(n))", least))
    for sign in _INVERSIONS:
        for diagonal in _DIAGONALS:
            found.append((f"sum({sign} * {diagonal} for p in permutations(n))", 0))
    return found


@cache
def _determinants() -> Mapping[str, Known]:
    known: dict[str, Known] = {}
    for text, least in texts():
        known.setdefault(
            _of(f"define det(A: Matrix[n, n]) -> Scalar = {text.replace('self(', 'det(')}"), Known(DET, least)
        )
    return known


@cache
def _adjugates() -> Mapping[str, Known]:
    known: dict[str, Known] = {}
    for minor in COFACTOR_MINORS:
        for sign in COFACTOR_SIGNS:
            body = f"matrix({sign} * adj({minor})[0, 0] for i in range(n) for j in range(n))"
            text = _of(f"define adj(A: Matrix[n, n]) -> Matrix[n, n] = {body}")
            # The notation needs a name that it can read, so the text calls `adj` itself and takes an entry. Replace
            # that entry by a call of the determinant.
            start, _, rest = text.partition("(entry (call self ")
            inner, _, tail = rest.partition(") 0 0)")
            known.setdefault(f"{start}(call {DET} {inner}){tail}", Known(ADJ, 1))
    return known


def _of(source: str) -> str:
    """Return the standard form of the definition whose text is `source`."""
    definition = read_statement(source, Scope(Given(scalars=True)))
    assert isinstance(definition, Definition)
    form = _form(definition, {})
    assert form is not None
    return form


def known(definition: Definition, definitions: Mapping[str, Definition]) -> Known | None:
    """Return the known function that a definition is; None if its text is no known one."""
    parameters = definition.parameters
    if len(parameters) != 1 or not isinstance(definition.result, ScalarType | MatrixType):
        return None
    type_ = parameters[0].type
    if not isinstance(type_, MatrixType) or type_.rows != type_.columns or not isinstance(type_.rows, Variable):
        return None
    if isinstance(definition.result, MatrixType) and definition.result != type_:
        return None
    return _recognised(_Keyed(definition.key, definition, definitions))


@dataclass(frozen=True)
class _Keyed:
    """A definition and those it rests on, as a key of a cache.

    Two of these are equal if the keys of their definitions are: a definition's key depends on all that it rests on.
    """

    key: str
    definition: Definition
    definitions: Mapping[str, Definition]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@lru_cache(maxsize=512)
def _recognised(keyed: _Keyed) -> Known | None:
    form = _form(keyed.definition, keyed.definitions)
    if form is None:
        return None
    table = _determinants() if isinstance(keyed.definition.result, ScalarType) else _adjugates()
    return table.get(form)


def _form(definition: Definition, definitions: Mapping[str, Definition]) -> str | None:
    """Return the standard form of a definition's body; None if its calls can't be opened.

    Calls of known functions stay, under the function's name, if the function is right from size 0 on. All other calls
    are opened.
    """
    # Maps the key of each definition below this one to the name of the known function that it is, or to "".
    targets: dict[str, str] = {}
    waiting = [key for _, key in definition.rests_on]
    while waiting:
        key = waiting.pop()
        inner = definitions.get(key)
        if inner is None or key in targets or key == definition.key:
            continue
        function = known(inner, definitions)
        targets[key] = function.name if function is not None and function.least == 0 else ""
        waiting += [k for _, k in inner.rests_on]
    # Unfolding removes calls in opened definitions as well, so that these must allow it, too.
    opened = [definitions[key] for key, name in sorted(targets.items()) if not name]
    if not all(_opens(inner, definitions, targets) for inner in (definition, *opened)):
        return None
    kept = {key: inner for key, inner in definitions.items() if not targets.get(key)}
    body = unfold(definition.body, kept, MOST_MADE)
    if body is None:
        return None
    named = {key: name for key, name in targets.items() if name}
    names = {definition.parameters[0].name: "A", **dict.fromkeys(definition.sizes, "n")}
    return _text(with_keys(body, named), names)


def _opens(definition: Definition, definitions: Mapping[str, Definition], kept: Mapping[str, str]) -> bool:
    """Return whether each call in a definition's body may be replaced by the body of the called definition.

    Recursive calls, and calls of a definition for which `kept` has a name, are not looked at. A call may be replaced if
    its arguments are always defined, since an argument that is not used gets lost, and if they have the declared sizes.
    """
    if definition.body.type != definition.result:
        return False
    for call in walk(definition.body):
        if not isinstance(call, Call) or call.key == "self" or kept.get(call.key):
            continue
        inner = definitions.get(call.key)
        if inner is None or not all(isinstance(arg, Variable | Numeral) for arg in call.args):
            return False
        names: dict[str, Term] = {}
        for parameter, arg in zip(inner.parameters, call.args, strict=True):
            names[parameter.name] = arg
            bind_sizes(parameter.type, arg.type, inner.sizes, names)
        if any(substitute(p.type, names) != a.type for p, a in zip(inner.parameters, call.args, strict=True)):
            return False
    return True


# --- text in order ---------------------------------------------------------------------------------------------------


def _text(term: Term, names: Mapping[str, str], lengths: Mapping[str, str] | None = None) -> str:
    """Return a term as text in standard form.

    Bound names become numbers, sums and products are sorted, and `0 + x` and `1 * x` become `x`. `lengths` maps the
    names of permutations in scope to their lengths.
    """
    lengths = dict(lengths or {})
    if isinstance(term, Variable):
        return names.get(term.name, f"(free {term.name})")
    if isinstance(term, Numeral):
        return str(term.value)
    if isinstance(term, Truth):
        return str(term.value)
    if isinstance(term, Apply):
        return _applied(term, names, lengths)
    if isinstance(term, Call):
        return f"(call {term.key} {' '.join(_text(a, names, lengths) for a in term.args)})"
    if isinstance(term, Partial):
        return f"(function {term.key} {' '.join(_text(a, names, lengths) for a in term.args)})"
    if isinstance(term, Choice):
        parts = [_text(a, names, lengths) for a in term.args]
        if term.kind == "if" and parts[0] in ("True", "False"):
            return parts[1 if parts[0] == "True" else 2]
        return f"({term.kind} {' '.join(parts)})"
    inner = dict(names)
    clauses = []
    for clause in term.clauses:
        if isinstance(clause, IfClause):
            clauses.append(f"(if {_text(clause.term, inner, lengths)})")
            continue
        clauses.append(f"(for {_source(clause, inner, lengths)})")
        inner[clause.variable.name] = f"b{sum(name.startswith('b') for name in inner.values())}"
        if isinstance(clause.source, Permutations):
            lengths[clause.variable.name] = _text(clause.source.n, names, lengths)
    return f"(of {term.kind} {' '.join(clauses)} {_text(term.body, inner, lengths)})"


def _source(clause: Generator, names: Mapping[str, str], lengths: Mapping[str, str]) -> str:
    source: Source = clause.source
    if isinstance(source, Range):
        return f"(range {_text(source.start, names, lengths)} {_text(source.stop, names, lengths)})"
    if isinstance(source, Items):
        return f"(items {_text(source.list, names, lengths)})"
    if isinstance(source, Permutations):
        return f"(permutations {_text(source.n, names, lengths)})"
    if isinstance(source, Subsets):
        return f"(subsets {_text(source.n, names, lengths)} {_text(source.k, names, lengths)})"
    return f"(values {source.type!r})"  # no known text has such a source, so that any text for it will do


def _applied(term: Apply, names: Mapping[str, str], lengths: Mapping[str, str]) -> str:
    """Return `term` as text in standard form; see `_text` for the parameters."""
    if term.op == "len" and isinstance(term.args[0], Variable) and term.args[0].name in lengths:
        return lengths[term.args[0].name]
    parts = [_text(a, names, lengths) for a in term.args]
    if term.op in ("add", "mul"):
        unit = "0" if term.op == "add" else "1"
        flat = [
            part for a, part in zip(term.args, parts, strict=True) for part in _flat(a, part, term.op, names, lengths)
        ]
        kept = sorted(part for part in flat if part != unit)
        if not kept:
            return unit
        return kept[0] if len(kept) == 1 else f"({term.op} {' '.join(kept)})"
    # Comparisons with 0 are certain for naturals. Only names and numerals may be dropped: other terms may be undefined.
    if isinstance(term.args[0].type, NatType) and all(isinstance(a, Variable | Numeral) for a in term.args):
        if term.op == "lt" and parts[1] == "0":
            return "False"
        if (term.op == "le" and parts[0] == "0") or (term.op == "ge" and parts[1] == "0"):
            return "True"
    if term.op in TURNED:
        return f"({TURNED[term.op]} {parts[1]} {parts[0]})"
    if term.op in EQUALITIES:
        parts.sort()
    if term.op == "neg" and parts[0].isdigit():
        return f"-{parts[0]}"
    return f"({term.op} {' '.join(parts)})"


def _flat(term: Term, text: str, op: str, names: Mapping[str, str], lengths: Mapping[str, str]) -> list[str]:
    """Return the texts of the operands of `term`, with nested operations `op` (`add` or `mul`) taken apart.

    `text` is the text of `term`. It is the only one if `term` is no such operation.
    """
    if isinstance(term, Apply) and term.op == op:
        return [part for a in term.args for part in _flat(a, _text(a, names, lengths), op, names, lengths)]
    return [text]
