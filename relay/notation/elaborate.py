"""From text to checked statements, terms and types: no other module makes the classes of `relay.notation.syntax`
from text.

On any text, every function returns a result or raises `NotationError`, in time that the limits bound.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from relay.errors import NotationError
from relay.notation.canonical import canonical_claim, canonical_definition, content_key
from relay.notation.context import Context
from relay.notation.headers import read_header, read_type_node
from relay.notation.inference import Draft, Open
from relay.notation.parse import parse
from relay.notation.raw import Raw
from relay.notation.scope import Scope, Signature
from relay.notation.syntax import BOOL, NAT, Claim, Definition, Parameter, Term, Type
from relay.notation.terms import RULES
from relay.notation.traversal import type_names
from relay.records.task import Given

__all__ = ["MOST_NODES", "check_size", "read_parameters", "read_statement", "read_term", "read_type"]

MOST_NODES = 10_000
"""The most term nodes of a statement if no `statement_size` is set. Within the limit on characters, only chained
comparisons inside one another can exceed it, because their middle terms count twice."""


def read_statement(source: str, scope: Scope, statement_size: int | None = None) -> Definition | Claim:
    """Read one statement and check its names and types.

    `statement_size` is the most term nodes that its body and hypothesis may have together. Raises `NotationError`.
    """
    raw = parse(source)
    context = Context(scope, RULES)
    context.ordered = raw.kind == "definition"
    if raw.kind == "definition":
        return _definition(context, raw, source, statement_size)
    return _claim(context, raw, source, statement_size)


def read_term(
    source: str,
    scope: Scope,
    variables: Mapping[str, Type] | None = None,
    expected: Type | None = None,
    statement_size: int | None = None,
) -> Term:
    """Read a term over `variables` and the size names in their types. If `expected` is given, it is the term's type.
    It may have `statement_size` nodes. Raises `NotationError`."""
    variables = variables or {}
    # Sorted, so that no message depends on the order of a set.
    env: dict[str, Open] = dict.fromkeys(sorted(name for type in variables.values() for name in type_names(type)), NAT)
    env.update(variables)
    raw = parse(source, "term")
    context = Context(scope, RULES)
    draft = context.infer(raw, env)
    if expected is not None:
        context.expect(draft, expected, "this term")
    check_size(raw, draft.nodes, statement_size, "term")
    return draft.term()


def read_type(source: str, given: Given, sizes: Collection[str] = ()) -> Type:
    """Read a type whose sizes are terms over the names `sizes`."""
    env: dict[str, Open] = dict.fromkeys(sizes, NAT)
    return read_type_node(Context(Scope(given), RULES), parse(source, "type"), env, header=True)


def read_parameters(source: str, given: Given) -> tuple[tuple[Parameter, ...], tuple[str, ...]]:
    """Read `x: TYPE, ...`. Returns the parameters, and their size names in the order in which they first stand bare."""
    raw = parse(source, "parameters") if source.strip() else None
    header = read_header(Context(Scope(given), RULES), raw)
    return tuple(header.parameters), tuple(header.sizes)


def _definition(context: Context, raw: Raw, source: str, statement_size: int | None) -> Definition:
    name = raw.word(0)
    if context.is_given(name):
        raise raw.error(f"`{name}` is an operation of this task; choose another name")
    if name in context.sorts:
        raise raw.error(f"`{name}` is a type of this task; choose another name")
    nodes = raw.nodes
    parameters_raw = nodes[0] if nodes[0].kind == "parameters" else None
    result_raw, body_raw = nodes[-2:]
    # From here on the name means this definition, even if another of the same name is in scope.
    context.itself = Signature.of(name, "self", (), (), BOOL)
    header = read_header(context, parameters_raw)
    result = read_type_node(context, result_raw, header.env, header=True)
    # Only with the header can the body call the definition itself.
    context.itself = Signature.of(name, "self", header.parameters, header.sizes, result)
    draft = context.infer(body_raw, header.env)
    context.expect(draft, result, f"the term of `{name}`")
    check_size(raw, draft.nodes, statement_size)
    body = draft.term()
    parameters, sizes = tuple(header.parameters), tuple(header.sizes)
    return Definition(
        name=name,
        parameters=parameters,
        sizes=sizes,
        result=result,
        body=body,
        source=source.strip(),
        rests_on=tuple(sorted(context.called.items())),
        key=content_key(canonical_definition(parameters, sizes, result, body)),
        nodes=draft.nodes,
    )


def _claim(context: Context, raw: Raw, source: str, statement_size: int | None) -> Claim:
    name, over = (None if child is None else str(child) for child in raw.children[:2])
    over = over or "fields"
    if over != "fields" and not context.scalars:
        raise _at_class(raw, over)
    context.over, context.ordered = over, over == "reals"
    parameters_raw, where_raw, body_raw = (child if isinstance(child, Raw) else None for child in raw.children[2:])
    assert body_raw is not None
    header = read_header(context, parameters_raw)
    parts: list[Draft] = []
    for part, place in ((where_raw, "the hypothesis"), (body_raw, "the term of the claim")):
        if part is not None:
            parts.append(context.infer(part, header.env))
            context.expect(parts[-1], BOOL, place)
    nodes = sum(part.nodes for part in parts)
    check_size(raw, nodes, statement_size)
    hypothesis = parts[0].term() if where_raw is not None else None
    body = parts[-1].term()
    parameters, sizes = tuple(header.parameters), tuple(header.sizes)
    return Claim(
        name=name,
        over=over,
        parameters=parameters,
        sizes=sizes,
        hypothesis=hypothesis,
        body=body,
        source=source.strip(),
        rests_on=tuple(sorted(context.called.items())),
        key=content_key(canonical_claim(over, parameters, sizes, hypothesis, body)),
        nodes=nodes,
    )


def _at_class(raw: Raw, over: str) -> NotationError:
    token = raw.children[1]
    return NotationError(
        f"this task has no scalars, and so no claims `over {over}`; leave `over {over}` out",
        line=getattr(token, "line", None) or 1,
        column=getattr(token, "column", None) or 1,
    )


def check_size(raw: Raw, nodes: int, statement_size: int | None, what: str = "statement") -> None:
    """Raise if a statement, or a term, has too many term nodes. Runs before any term is made, so a large one costs
    little."""
    limit = MOST_NODES if statement_size is None else min(statement_size, MOST_NODES)
    if nodes > limit:
        raise raw.error(
            f"the {what} has {nodes} term nodes and may have {limit}; move a part of it into a definition of its own"
        )
