"""Elaboration of comprehensions: `sum`, `all`, `vector`, ... and `[t for ...]`, with their clauses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from relay.errors import NotationError
from relay.notation.context import Context, Environment
from relay.notation.headers import read_type_node
from relay.notation.inference import Draft, Hole, Open, find, is_numeric, list_of, no_function, show, unify
from relay.notation.operators import check_ordered
from relay.notation.printing import print_term
from relay.notation.raw import Raw
from relay.notation.syntax import (
    BOOL,
    NAT,
    SCALAR,
    Apply,
    Clause,
    Comprehension,
    FnType,
    Generator,
    IfClause,
    Items,
    ListType,
    MatrixType,
    Numeral,
    Permutations,
    Range,
    ScalarType,
    SortType,
    Source,
    Subsets,
    Term,
    Type,
    Values,
    Variable,
    VectorType,
)
from relay.notation.traversal import count_nodes, type_names, type_terms

__all__ = ["comprehension"]


@dataclass
class _Source:
    """A generator's source: the type of its items, how to make it, and its term nodes."""

    item: Open
    make: Callable[[], Source]
    nodes: int
    bounds: tuple[Draft, ...] | None = None
    """Start (if written) and stop of a `range`; None for other sources."""


@dataclass
class _Clauses:
    """The clauses of one comprehension, collected from left to right."""

    env: dict[str, Open]
    """Types of the names around the comprehension and of the variables bound so far."""
    make: list[Callable[[], Clause]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    ranges: list[tuple[Draft, ...] | None] = field(default_factory=list)
    """For each generator the `bounds` of its source."""
    conditions: int = 0
    nodes: int = 0


def comprehension(context: Context, raw: Raw, env: Environment) -> Draft:
    """The draft of one comprehension. If the node starts with `[`, the comprehension makes a list."""
    kind = "list" if raw.word(0) == "[" else raw.word(0)
    body_raw, *clause_raws = raw.nodes
    clauses = _Clauses(dict(env))
    for clause in clause_raws:
        _add_clause(context, clause, clauses)
    if kind in ("vector", "matrix"):
        _check_shape(context, raw, kind, clauses)
    body = context.infer(body_raw, clauses.env)
    type = _array(context, kind, body, clauses) if kind in ("vector", "matrix") else _fold(context, kind, body)
    bound = frozenset(clauses.names)

    def make() -> Term:
        settled = context.settle(type, raw)
        # Only a settled type says whether Nat or scalars are compared.
        if kind in ("max", "min") and isinstance(settled, ScalarType):
            check_ordered(context, raw, kind)
        # The type is used outside of the comprehension, where its variables are not bound.
        inner = sorted(type_names(settled) & bound)
        if inner:
            raise raw.error(
                f"the type of `{kind}` here would be {show(settled)}, and `{inner[0]}` means nothing outside; all "
                "items have one size, written without the names that the generators bind"
            )
        made = tuple(clause() for clause in clauses.make)
        return Comprehension(kind, body.term(), made, settled)

    return Draft(raw, type, body.nodes + clauses.nodes + 1, make)


def _fold(context: Context, kind: str, body: Draft) -> Open:
    """The type of a comprehension that makes no array. Raises if its body has a wrong type."""
    if kind == "list":
        return list_of(body.type)
    if kind in ("all", "any", "count"):
        context.expect(body, BOOL, f"the term inside `{kind}`")
        return NAT if kind == "count" else BOOL
    if kind in ("sum", "prod", "max", "min") and not unify(body.type, Hole(numeric=True)):
        no_function(body)
        mend = ""
        if isinstance(find(body.type), VectorType | MatrixType):
            mend = "; say what each entry is, with `vector(... for i in range(n))`"
        elif find(body.type) == BOOL:
            mend = "; how often something is true is `count(...)`"
        numbers = "numbers" if context.scalars else "Nat"
        raise body.raw.error(f"`{kind}` is for {numbers}, found {show(body.type)}{mend}")
    return body.type


def _check_shape(context: Context, raw: Raw, kind: str, clauses: _Clauses) -> None:
    """Raise unless `vector` has exactly one `range` clause or `matrix` exactly two, and no `if`."""
    if not context.scalars:
        raise raw.error(f"this task has no scalars, and so no `{kind}`")
    wanted = 1 if kind == "vector" else 2
    shape = "t for i in range(n)" if wanted == 1 else "t for i in range(m) for j in range(n)"
    ranges = [bounds for bounds in clauses.ranges if bounds is not None]
    if len(ranges) != wanted or len(clauses.ranges) != wanted or clauses.conditions:
        count = "one `range` clause" if wanted == 1 else "two `range` clauses"
        raise raw.error(f"`{kind}` takes exactly {count} and no `if`: write `{kind}({shape})`")


def _array(context: Context, kind: str, body: Draft, clauses: _Clauses) -> Open:
    """The type of `vector(...)` or `matrix(...)`, with the lengths of the ranges as sizes."""
    context.expect(body, SCALAR, f"an entry of `{kind}`")
    sizes = [_length(context, bounds) for bounds in clauses.ranges if bounds is not None]
    return VectorType(sizes[0]) if kind == "vector" else MatrixType(sizes[0], sizes[1])


def _length(context: Context, bounds: tuple[Draft, ...]) -> Term:
    stop = context.as_size(bounds[-1])
    if len(bounds) == 1:
        return stop
    # `range(0, b)` gets the size `b`, as `range(b)` does. Elsewhere `monus` keeps the size of an empty range at 0.
    start = context.as_size(bounds[0])
    return stop if isinstance(start, Numeral) and start.value == 0 else Apply("monus", (stop, start), NAT)


def _add_clause(context: Context, clause: Raw, clauses: _Clauses) -> None:
    """Add one `for` or `if`. Its terms may use the variables of the clauses before it."""
    if clause.kind == "condition":
        condition = context.infer(clause.nodes[0], clauses.env)
        context.expect(condition, BOOL, "the condition of `if`")
        clauses.make.append(lambda: IfClause(condition.term()))
        clauses.conditions += 1
        clauses.nodes += condition.nodes
        return
    name = clause.word(0)
    context.check_new(name, clauses.env, clause, "the variable")
    source = _source(context, clause.nodes[0], clauses.env)
    clauses.make.append(lambda: Generator(Variable(name, context.settle(source.item, clause)), source.make()))
    clauses.env[name] = source.item
    clauses.names.append(name)
    clauses.ranges.append(source.bounds)
    clauses.nodes += source.nodes


def _source(context: Context, raw: Raw, env: Environment) -> _Source:
    if raw.kind == "values":
        return _values(raw, read_type_node(context, raw.nodes[0], env))
    if raw.kind != "items":
        return _counted(context, raw, [context.infer(node, env) for node in raw.nodes])
    inner = raw.nodes[0]
    # The grammar does not know the sorts of a task, so a sort reads as a name.
    if inner.kind == "name" and inner.text in context.sorts and inner.text not in env:
        return _values(raw, SortType(inner.text))
    draft = context.infer(inner, env)
    item = Hole()
    if not unify(draft.type, list_of(item)):
        no_function(draft)
        raise _no_source(raw, inner, draft)
    return _Source(item, lambda: Items(draft.term()), draft.nodes)


def _counted(context: Context, raw: Raw, args: Sequence[Draft]) -> _Source:
    """The source `range`, `permutations` or `subsets`. All their arguments are Nat."""
    for arg in args:
        context.expect(arg, NAT, f"an argument of `{raw.kind}`")
    nodes = sum(arg.nodes for arg in args)

    def make() -> Source:
        terms = [arg.term() for arg in args]
        if raw.kind == "permutations":
            return Permutations(terms[0])
        if raw.kind == "subsets":
            return Subsets(terms[0], terms[1])
        return Range(Numeral(0, NAT) if len(terms) == 1 else terms[0], terms[-1])

    if raw.kind != "range":
        return _Source(list_of(NAT), make, nodes)
    # `range(b)` also counts the start that it does not write, the numeral 0.
    return _Source(NAT, make, nodes + (len(args) == 1), tuple(args))


def _values(raw: Raw, type: Type) -> _Source:
    """The source of all values of a type. Raises if the type is not enumerated in finite models."""
    if type == NAT:
        raise raw.error("Nat has infinitely many values; write `for i in range(n)`")
    if isinstance(type, FnType):
        raise raw.error(
            f"a generator does not range over functions, found {show(type)}; a claim speaks of all of them with a "
            "parameter, as in `claim (f: Fn[Scalar, Scalar]): ...`"
        )
    if isinstance(type, ListType):
        raise raw.error(f"{show(type)} has infinitely many values; range over the items of one list, or over arrays")
    return _Source(type, lambda: Values(type), sum(count_nodes(size) for size in type_terms(type)))


def _no_source(raw: Raw, inner: Raw, draft: Draft) -> NotationError:
    """The error for a generator over a term that is no list, with the fix for common mistakes."""
    kind = find(draft.type)
    name = inner.text if inner.kind == "name" else "..."
    mend = ""
    if is_numeric(kind):
        mend = f"; numbers below it are `range({inner.text if inner.kind in ('name', 'numeral') else '...'})`"
    elif isinstance(kind, VectorType):
        mend = f"; write `for i in range({print_term(kind.size)})` and `{name}[i]`"
    elif isinstance(kind, MatrixType):
        mend = f"; write `for i in range({print_term(kind.rows)}) for j in range({print_term(kind.columns)})`"
    return raw.error(f"a generator ranges over a range, a list or a type, found {show(kind)}{mend}")
