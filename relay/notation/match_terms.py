"""Reads what `match` holds against the phenomena: a term with its parameters, or a function.

`(x: Element, y: Element): op(y, x)` has its parameters before it. A name that can be called, with its first arguments
or none, stands for the function of the rest; so does any other term whose type is `Fn`. Each is read as a definition
without a name, whose result is the type of its term.
"""

from __future__ import annotations

from collections.abc import Sequence

from lark import Token

from relay.notation.canonical import canonical_definition, content_key
from relay.notation.context import Context
from relay.notation.elaborate import check_size
from relay.notation.headers import read_header
from relay.notation.inference import Draft, Open, find
from relay.notation.parse import parse
from relay.notation.raw import Raw
from relay.notation.scope import Scope, Signature
from relay.notation.sizes import bare_names, substitute
from relay.notation.syntax import (
    NAT,
    Apply,
    Definition,
    FnType,
    NatType,
    Parameter,
    Term,
    Type,
    Variable,
)
from relay.notation.terms import RULES
from relay.notation.traversal import type_names

__all__ = ["read_match"]


def read_match(source: str, scope: Scope, statement_size: int | None = None) -> Definition:
    """Read the term of a `match`, which may have as many nodes as a statement. Raises `NotationError`."""
    raw = parse(source, "match")
    context = Context(scope, RULES)
    context.ordered = True  # as in a definition
    if raw.kind == "abstraction":
        *parameters_raw, body_raw = raw.nodes
        header = read_header(context, parameters_raw[0] if parameters_raw else None)
        draft = context.infer(body_raw, header.env)
        check_size(raw, draft.nodes, statement_size)
        return _made(context, source, header.parameters, header.sizes, draft.term(), draft.nodes)
    signature = context.signature(_name(raw))
    if signature is not None and len(raw.nodes) < len(signature.parameters):
        return _of_callee(context, source, raw, signature, statement_size)
    draft = context.infer(raw, {})
    check_size(raw, draft.nodes, statement_size)
    return _of_function(context, source, raw, draft)


def _name(raw: Raw) -> str:
    return raw.text if raw.kind == "name" else raw.word(0) if raw.kind == "call" else ""


def _of_callee(context: Context, source: str, raw: Raw, signature: Signature, size: int | None) -> Definition:
    """A callee with its first arguments, or none. It is read as a call with every argument: the rest are parameters."""
    rest = signature.parameters[len(raw.nodes) :]
    # a written name has no `'`, so these names neither hide nor capture another one
    bindings: dict[str, Term] = {name: Variable(f"{name}'", NAT) for name in signature.sizes}
    bindings |= {p.name: Variable(f"{p.name}'", p.type) for p in rest if isinstance(p.type, NatType)}
    parameters = [Parameter(f"{p.name}'", substitute(p.type, bindings)) for p in rest]
    env: dict[str, Open] = {p.name: p.type for p in parameters}
    bare = bare_names(p.type for p in parameters) - env.keys()
    sizes = [f"{name}'" for name in signature.sizes if f"{name}'" in bare]
    open_names = sorted(set[str]().union(*(type_names(p.type) for p in parameters)) - bare - env.keys())
    if open_names:
        raise raw.error(
            f"the size `{open_names[0][:-1]}` of this function is decided by no argument that is left; write "
            "the term with its parameters, as in `(x: TYPE): f(x)`"
        )
    env |= dict.fromkeys(sizes, NAT)
    more = [Raw("name", [_token(p.name, raw)]) for p in parameters]
    draft = context.infer(Raw("call", [_token(signature.name, raw), *raw.nodes, *more]), env)
    check_size(raw, draft.nodes, size)
    return _made(context, source, parameters, sizes, draft.term(), draft.nodes)


def _token(name: str, raw: Raw) -> Token:
    """A name where `raw` stands, for errors about it."""
    return Token("NAME", name, line=getattr(raw.token, "line", None), column=getattr(raw.token, "column", None))


def _of_function(context: Context, source: str, raw: Raw, draft: Draft) -> Definition:
    """Any other term without free names, whose type must be `Fn`."""
    kind = find(draft.type)
    if not isinstance(kind, FnType):
        raise raw.error(
            "`match` takes a term with its parameters before it, as in `(x: TYPE): f(x)`, or a function; write the "
            "parameters, or use `evaluate` for a value"
        )
    function = draft.term()
    assert isinstance(function.type, FnType)
    parameters = [Parameter(f"x{place}'", type) for place, type in enumerate(function.type.parameters, 1)]
    arguments = tuple(Variable(p.name, p.type) for p in parameters)
    body = Apply("apply", (function, *arguments), function.type.result)
    return _made(context, source, parameters, (), body, draft.nodes)


def _made(
    context: Context, source: str, parameters: Sequence[Parameter], sizes: Sequence[str], body: Term, nodes: int
) -> Definition:
    result: Type = body.type
    return Definition(
        name="",
        parameters=tuple(parameters),
        sizes=tuple(sizes),
        result=result,
        body=body,
        source=source.strip(),
        rests_on=tuple(sorted(context.called.items())),
        key=content_key(canonical_definition(parameters, sizes, result, body)),
        nodes=nodes,
    )
