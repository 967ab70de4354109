"""Functions as values: names called with their first arguments only, and functions applied to arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from relay.errors import NotationError
from relay.notation.context import Context
from relay.notation.inference import Draft, Open, find, is_numeric, no_function, open_size, show, size_of
from relay.notation.raw import Raw
from relay.notation.scope import Signature
from relay.notation.sizes import bare_names, substitute
from relay.notation.syntax import Apply, FnType, Partial, Term
from relay.text import quantity

__all__ = ["applied", "partial"]


def partial(
    context: Context,
    raw: Raw,
    signature: Signature,
    args: Sequence[Draft],
    bindings: Mapping[str, Term],
    uncalled: NotationError,
) -> Draft:
    """The draft of a function: a name with its first arguments given, maybe none.

    Sizes that the arguments do not decide stay open; the place where the function stands decides them. `uncalled` is
    the error to report if no function can stand there.
    """
    rest = signature.parameters[len(args) :]
    # A size that is the value of a later argument would differ from call to call, and an Fn type can't say that.
    for parameter in rest:
        if parameter.name in signature.dependent:
            raise NotationError(
                f"{uncalled.message}; it is no Fn, because the sizes in its type depend on the argument "
                f"`{parameter.name}`",
                line=uncalled.line,
                column=uncalled.column,
            )
    decided = bare_names(parameter.type for parameter in signature.parameters[: len(args)])
    left = tuple(size for size in signature.sizes if size not in decided)
    sizes = {**bindings, **{size: open_size(size) for size in left}}
    type = FnType(tuple(substitute(parameter.type, sizes) for parameter in rest), substitute(signature.result, sizes))

    def make() -> Term:
        settled = context.settle(type, raw)
        assert isinstance(settled, FnType)
        given = tuple(arg.term() for arg in args)
        return Partial(signature.name, signature.key, given, tuple(size_of(sizes[size]) for size in left), settled)

    return Draft(raw, type, sum(arg.nodes for arg in args) + 1, make, uncalled)


def applied(context: Context, raw: Raw, name: str, function: Draft, args: Sequence[Draft]) -> Draft:
    """The draft of a function applied to arguments. If `args` are only its first arguments, the draft is a function of
    the rest."""
    kind = find(function.type)
    called = f"`{name}`" if raw.kind == "call" else name
    if not isinstance(kind, FnType):
        no_function(function)
        mend = "write `... * (...)`" if is_numeric(kind) else "items are read by `[...]`"
        raise raw.error(f"only functions are applied to arguments, found {show(kind)}; {mend}")
    count = len(kind.parameters)
    if not 0 < len(args) <= count:
        raise raw.error(f"{called}, {show(kind)}, takes {quantity(count, 'argument')}, found {len(args)}")
    for position, (arg, parameter) in enumerate(zip(args, kind.parameters, strict=False), 1):
        context.expect(arg, parameter, f"argument {position} of {called}")
    whole = len(args) == count
    type: Open = kind.result if whole else FnType(kind.parameters[len(args) :], kind.result)

    def make() -> Term:
        terms = (function.term(), *(arg.term() for arg in args))
        return Apply("apply" if whole else "curry", terms, context.settle(type, raw))

    few = None if whole else raw.error(f"{called}, {show(kind)}, takes {count} arguments, found {len(args)}")
    return Draft(raw, type, function.nodes + sum(arg.nodes for arg in args) + 1, make, few)
