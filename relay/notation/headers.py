"""Written types, and the parameters of statements with the size names that they bind."""

from __future__ import annotations

from collections.abc import Iterator

from relay.notation.context import Context, Environment
from relay.notation.inference import Open
from relay.notation.raw import Raw
from relay.notation.sizes import is_size_term
from relay.notation.syntax import (
    BOOL,
    NAT,
    SCALAR,
    FnType,
    ListType,
    MatrixType,
    Parameter,
    SortType,
    Term,
    Type,
    VectorType,
)

__all__ = ["Header", "read_header", "read_type_node"]

_PLAIN: dict[str, Type] = {"nat_type": NAT, "bool_type": BOOL}


class Header:
    """The parameters and size names of a statement, and the types of both."""

    def __init__(self) -> None:
        self.parameters: list[Parameter] = []
        self.sizes: list[str] = []
        self.env: dict[str, Open] = {}


def read_header(context: Context, raw: Raw | None) -> Header:
    """Read the parameters and sizes. A size name is bound where it first stands bare in a parameter's type.

    It takes four passes, because a type may use sizes that a later parameter binds.
    """
    header = Header()
    nodes = () if raw is None else raw.nodes
    names = {node.word(0) for node in nodes}
    for node in nodes:
        name, type_raw = node.word(0), node.nodes[0]
        context.check_new(name, header.env, node, "the parameter", parameter=True)
        # SCALAR only holds the place, so that no name is bound twice; the last pass sets the type.
        header.env[name] = NAT if type_raw.kind == "nat_type" else SCALAR
    for node in nodes:
        for size in _bare_names(node.nodes[0]):
            if size.text not in names and size.text not in header.env:
                context.check_new(size.text, header.env, size, "the size")
                header.env[size.text] = NAT
                header.sizes.append(size.text)
    # A Nat parameter may stand in the types of earlier parameters, other parameters only in those of later ones.
    for node in nodes:
        if node.nodes[0].kind != "nat_type":
            del header.env[node.word(0)]
    for node in nodes:
        type = read_type_node(context, node.nodes[0], header.env, header=True)
        header.env[node.word(0)] = type
        header.parameters.append(Parameter(node.word(0), type))
    return header


def _bare_names(raw: Raw) -> Iterator[Raw]:
    """Yield the names that stand bare as sizes in a written type, from left to right."""
    for node in raw.nodes:
        if raw.kind in ("vector_type", "matrix_type"):
            if node.kind == "name":
                yield node
        else:
            yield from _bare_names(node)


def read_type_node(context: Context, raw: Raw, env: Environment, *, header: bool = False) -> Type:
    """Elaborate a written type. In the header of a statement its sizes must be arithmetic over names and `len`."""
    if raw.kind in _PLAIN:
        return _PLAIN[raw.kind]
    if raw.kind == "fn_type":
        return _function(context, raw, env, header)
    if raw.kind == "list_type":
        return ListType(read_type_node(context, raw.nodes[0], env, header=header))
    if raw.kind == "sort_type":
        return _sort(context, raw)
    if not context.scalars:
        known = ", ".join([*sorted(context.sorts), "Nat", "Bool", "List[T]", "Fn[T, R]"])
        raise raw.error(f"this task has no scalars, and so no type `{raw.text}`; its types are {known}")
    if raw.kind == "scalar_type":
        return SCALAR
    sizes = [_size(context, node, env, header) for node in raw.nodes]
    return VectorType(sizes[0]) if raw.kind == "vector_type" else MatrixType(sizes[0], sizes[1])


def _function(context: Context, raw: Raw, env: Environment, header: bool) -> Type:
    parts = [read_type_node(context, node, env, header=header) for node in raw.nodes]
    if len(parts) < 2:
        raise raw.error(
            "a function takes at least one argument: write `Fn[T, R]`, the types of its arguments and of its result"
        )
    return FnType(tuple(parts[:-1]), parts[-1])


def _size(context: Context, raw: Raw, env: Environment, header: bool) -> Term:
    if not header:
        return context.size(raw, env)
    # Calls and comprehensions are no sizes of a header, so they are refused without being elaborated.
    inside = list(_inside(raw))
    plain = not any(node.kind in ("call", "comprehension") for node in inside)
    for node in inside if plain else ():
        if node.kind == "name" and node.text not in env and not context.is_callable(node.text):
            raise node.error(
                f"unknown size `{node.text}`; a size name must stand bare in some parameter's type, as in "
                f"`Vector[{node.text}]`, or be a Nat parameter"
            )
    term = context.size(raw, env) if plain else None
    if term is None or not is_size_term(term):
        raise raw.error("a size in a parameter's or result's type is arithmetic over names, and `len(...)`")
    return term


def _inside(raw: Raw) -> Iterator[Raw]:
    """Yield a node and all nodes inside it."""
    yield raw
    for node in raw.nodes:
        yield from _inside(node)


def _sort(context: Context, raw: Raw) -> Type:
    if raw.text in context.sorts:
        return SortType(raw.text)
    scalars = ["Scalar", "Vector[n]", "Matrix[m, n]"] if context.scalars else []
    known = [*sorted(context.sorts), "Nat", "Bool", *scalars, "List[T]", "Fn[T, R]"]
    raise raw.error(f"unknown type `{raw.text}`; the types are {', '.join(known)}")
