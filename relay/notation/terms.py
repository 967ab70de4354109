"""The rules for names, numerals, calls, indices and lists, and the table of the rules for all kinds of terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from relay.errors import NotationError
from relay.notation.comprehensions import comprehension
from relay.notation.context import Context, Environment, Rule
from relay.notation.functions import applied, partial
from relay.notation.inference import (
    Draft,
    Hole,
    Open,
    find,
    is_numeric,
    list_of,
    no_function,
    open_in,
    open_size,
    resolve,
    show,
    size_of,
    unify,
)
from relay.notation.limits import NUMERAL
from relay.notation.operators import arithmetic, choice, comparison, connective, minus, negation
from relay.notation.printing import print_term
from relay.notation.raw import Raw
from relay.notation.scope import SEEN, Signature
from relay.notation.sizes import SIZE_NODES, bind_sizes, substitute
from relay.notation.syntax import (
    BOOL,
    NAT,
    SCALAR,
    TABLES,
    Apply,
    Call,
    Choice,
    FnType,
    ListType,
    MatrixType,
    Numeral,
    Parameter,
    Term,
    Truth,
    Type,
    Variable,
    VectorType,
)
from relay.notation.traversal import count_nodes, free_names, type_names, type_terms
from relay.text import quantity

__all__ = ["RULES"]

DIGITS = len(str(NUMERAL))
"""Digits of the largest numeral. Longer ones are refused unconverted: `int` takes quadratic time."""


def _numeral(context: Context, raw: Raw, env: Environment) -> Draft:
    digits = raw.text.lstrip("0") or "0"
    if len(digits) > DIGITS or int(digits) > NUMERAL:
        raise raw.error(f"numerals go up to {NUMERAL}; write larger numbers as products or powers")
    value, type = int(digits), context.numeral_type()
    return Draft(raw, type, len(digits), lambda: Numeral(value, context.settle(type, raw)))


def _truth(context: Context, raw: Raw, env: Environment) -> Draft:
    value = raw.text == "True"
    return Draft(raw, BOOL, 1, lambda: Truth(value))


def _name(context: Context, raw: Raw, env: Environment) -> Draft:
    """A variable, or the bare name of a callee, which is a function."""
    name = raw.text
    if name in env:
        type = env[name]
        return Draft(raw, type, 1, lambda: Variable(name, context.settle(type, raw)))
    signature = context.signature(name)
    if signature is not None:
        shown = ", ".join(parameter.name for parameter in signature.parameters)
        uncalled = raw.error(f"`{name}` is a function and must be called: `{name}({shown})`")
        if not signature.parameters:
            raise uncalled
        return _partial(context, raw, signature, (), uncalled)
    if name in context.sorts:
        raise raw.error(f"`{name}` is a type; a generator ranges over it with `for x in {name}`")
    raise context.unknown(raw, name, env, called=False)


# --- calls -----------------------------------------------------------------------------------------------------------


def _call(context: Context, raw: Raw, env: Environment) -> Draft:
    """A call by name. If only the first arguments are given, the draft is a function of the rest."""
    name = raw.word(0)
    if name in env and isinstance(find(env[name]), FnType):
        type = env[name]
        function = Draft(raw, type, 1, lambda: Variable(name, context.settle(type, raw)))
        return applied(context, raw, name, function, [context.infer(node, env) for node in raw.nodes])
    if name in env:
        index = "i, j" if isinstance(find(env[name]), MatrixType) else "i"
        mend = f"write `{name} * (...)`" if is_numeric(env[name]) else f"an item is `{name}[{index}]`"
        if context.hides(name):
            mend = "the parameter hides the definition of this name; give the parameter another name"
        raise raw.error(f"`{name}` is {show(env[name])} and can't be called; {mend}")
    signature = context.signature(name) or _seen(context, raw)
    if signature is None:
        raise context.unknown(raw, name, env, called=True)
    args = [context.infer(node, env) for node in raw.nodes]
    if len(args) != len(signature.parameters):
        shown = ", ".join(f"{parameter.name}: {show(parameter.type)}" for parameter in signature.parameters)
        wrong = raw.error(
            f"`{name}({shown})` takes {quantity(len(signature.parameters), 'argument')}, found {len(args)}"
        )
        if signature.key.startswith("seen:") or not 0 < len(args) < len(signature.parameters):
            raise wrong
        return _partial(context, raw, signature, args, wrong)
    _note_call(context, signature)
    result = _apply_signature(context, raw, signature, args)

    def make() -> Term:
        return Call(name, signature.key, tuple(arg.term() for arg in args), result)

    return Draft(raw, result, sum(arg.nodes for arg in args) + 1, make)


def _seen(context: Context, raw: Raw) -> Signature | None:
    """The signature of a call of `seen`, which its first argument decides: the number of a phenomenon, as a numeral.
    None for other names, and if no phenomenon is meant."""
    shown = context.scope.seen
    if raw.word(0) != SEEN or not shown or not raw.nodes:
        return None
    number = raw.nodes[0]
    if number.kind != "numeral":
        raise number.error(f"the first argument of `{SEEN}` is the number of a phenomenon, written as a numeral")
    digits = number.text.lstrip("0") or "0"
    signature = shown.get(int(digits)) if len(digits) <= DIGITS else None
    if signature is None:
        raise number.error(f"no phenomenon has this number; the numbers are {min(shown)} to {max(shown)}")
    return signature


def _note_call(context: Context, signature: Signature) -> None:
    """Record the call of a definition, for `rests_on` of the statement."""
    if signature.key != "self" and not signature.key.startswith(TABLES):
        context.called[signature.name] = signature.key


def _partial(context: Context, raw: Raw, signature: Signature, args: Sequence[Draft], uncalled: NotationError) -> Draft:
    """The draft of a name of which only the first arguments are given, maybe none. It is a function of the rest."""
    _note_call(context, signature)
    taken = replace(signature, parameters=signature.parameters[: len(args)])
    return partial(context, raw, signature, args, _bindings(context, taken, args), uncalled)


def _application(context: Context, raw: Raw, env: Environment) -> Draft:
    """A function that is no bare name, applied to arguments: `fs[k](x)`, `f(x)(y)`."""
    function_raw, *arg_raws = raw.nodes
    function = context.infer(function_raw, env)
    args = [context.infer(node, env) for node in arg_raws]
    return applied(context, raw, "this function", function, args)


def _apply_signature(context: Context, raw: Raw, signature: Signature, args: Sequence[Draft]) -> Type:
    """Check the arguments of a call, and return its type. The arguments' sizes take the place of the callee's size
    names."""
    bindings = _bindings(context, signature, args)
    result = substitute(signature.result, bindings)
    if any(count_nodes(size, SIZE_NODES) > SIZE_NODES for size in type_terms(result)):
        raise raw.error(f"the size of this term would have more than {SIZE_NODES} term nodes; split the term up")
    return result


def _bindings(context: Context, signature: Signature, args: Sequence[Draft]) -> dict[str, Term]:
    """Check the arguments of a call. Return the terms that they decide for the callee's size names, and for its
    parameters that stand in sizes."""
    # Arguments with known types come first: open arguments are checked with the sizes that these decide.
    bindings: dict[str, Term] = {}
    late: list[tuple[Parameter, Draft, int]] = []
    for index, (parameter, arg) in enumerate(zip(signature.parameters, args, strict=True), 1):
        known = resolve(arg.type)
        if known is None and type_terms(parameter.type):
            late.append((parameter, arg, index))
            continue
        context.expect(arg, parameter.type, f"argument {index} of `{signature.name}`")
        if known is not None:
            bind_sizes(parameter.type, known, signature.sizes, bindings)
    for parameter, arg in zip(signature.parameters, args, strict=True):
        if parameter.name in signature.dependent and resolve(arg.type) is not None:
            bindings[parameter.name] = context.as_size(arg)
    # An open argument, such as `[]` or the bare name of a function, comes last: it takes the sizes that the others
    # decide. If it is a function, it may then decide more sizes.
    missing = sorted({name for parameter, _, _ in late for name in type_names(parameter.type)} - bindings.keys())
    sizes = {**bindings, **{name: open_size(name) for name in missing}}
    for parameter, arg, index in late:
        context.expect(arg, substitute(parameter.type, sizes), f"argument {index} of `{signature.name}`")
    for parameter, arg, index in late:
        for name in sorted(type_names(parameter.type) & set(missing)):
            found = size_of(sizes[name])
            if open_in(found):
                raise arg.raw.error(f"nothing decides the size `{name}` of argument {index} of `{signature.name}`")
            bindings[name] = found
        if parameter.name in signature.dependent:
            bindings[parameter.name] = context.as_size(arg)
    return bindings


def _function(context: Context, raw: Raw, env: Environment) -> Draft:
    """A call of one of the words `len`, `scalar`, `conj`, `implies`."""
    word = raw.word(0)
    args = [context.infer(node, env) for node in raw.nodes]
    wanted = 2 if word == "implies" else 1
    if len(args) != wanted:
        raise raw.error(f"`{word}` takes {quantity(wanted, 'argument')}, found {len(args)}")
    if word == "implies":
        for arg in args:
            context.expect(arg, BOOL, "each argument of `implies`")
        nodes = args[0].nodes + args[1].nodes + 1
        return Draft(raw, BOOL, nodes, lambda: Choice("implies", (args[0].term(), args[1].term()), BOOL))
    arg = args[0]
    if word == "len":
        if not unify(arg.type, list_of(Hole())):
            no_function(arg)
            raise _no_length(raw, arg)
        return Draft(raw, NAT, arg.nodes + 1, lambda: Apply("len", (arg.term(),), NAT))
    if not context.scalars:
        raise raw.error(f"this task has no scalars, and so no `{word}`")
    context.expect(arg, NAT if word == "scalar" else SCALAR, f"the argument of `{word}`")
    return Draft(raw, SCALAR, arg.nodes + 1, lambda: Apply(word, (arg.term(),), SCALAR))


def _no_length(raw: Raw, arg: Draft) -> NotationError:
    """The error for `len` of a term that is no list."""
    kind = find(arg.type)
    message = f"`len` is for lists, found {show(kind)}"
    if isinstance(kind, VectorType):
        return raw.error(f"{message}; the size of a vector is the size in its type, here `{print_term(kind.size)}`")
    if isinstance(kind, MatrixType):
        rows, columns = print_term(kind.rows), print_term(kind.columns)
        return raw.error(f"{message}; the sizes of a matrix are those in its type, here `{rows}` and `{columns}`")
    return raw.error(message)


# --- items -----------------------------------------------------------------------------------------------------------

# Operation, and number of indices.
_INDEXED = {MatrixType: ("entry", 2), VectorType: ("component", 1), ListType: ("item", 1)}


def _index(context: Context, raw: Raw, env: Environment) -> Draft:
    base_raw, *index_raws = raw.nodes
    base = context.infer(base_raw, env)
    kind = find(base.type)
    name = base_raw.text if base_raw.kind == "name" else "A"
    if not isinstance(kind, MatrixType | VectorType | ListType):
        no_function(base)
        raise raw.error(f"only vectors, matrices and lists have items, found {show(kind)}")
    op, wanted = _INDEXED[type(kind)]
    if len(index_raws) != wanted:
        raise raw.error(_wrong_indices(kind, name, len(index_raws)))
    indices = [context.infer(node, env) for node in index_raws]
    for index in indices:
        context.expect(index, NAT, "an index")
    item: Open = kind.item if isinstance(kind, ListType) else SCALAR

    def make() -> Term:
        return Apply(op, (base.term(), *(index.term() for index in indices)), context.settle(item, raw))

    return Draft(raw, item, base.nodes + sum(index.nodes for index in indices) + 1, make)


def _wrong_indices(kind: MatrixType | VectorType | ListType, name: str, found: int) -> str:
    if isinstance(kind, MatrixType):
        row = f"a row is `vector({name}[i, j] for j in range({print_term(kind.columns)}))`"
        column = f"a column is `vector({name}[i, j] for i in range({print_term(kind.rows)}))`"
        return f"an entry of a matrix has two indices, `{name}[i, j]`, found {found}; {row}, {column}"
    if isinstance(kind, VectorType):
        return f"a vector has one index, `{name}[i]`, found {found}"
    return f"a list has one index, `{name}[k]`, found {found}; an item of an item is `{name}[k][i]`"


def _list(context: Context, raw: Raw, env: Environment) -> Draft:
    items = [context.infer(node, env) for node in raw.nodes]
    item: Open = items[0].type if items else Hole()
    for position, draft in enumerate(items[1:], 2):
        if not unify(item, draft.type):
            no_function(draft, items[0])
            raise draft.raw.error(
                f"the items of a list have one type: the first is {show(item)}, item {position} is {show(draft.type)}"
            )

    def make() -> Term:
        type = context.settle(list_of(item), raw)
        if not items:
            # The place of `[]` decides its type, whose sizes may name variables that are bound there but not here.
            outside = sorted(name for size in type_terms(type) for name in free_names(size) if name not in env)
            if outside:
                raise raw.error(f"the type of `[]` here would be {show(type)}, and `{outside[0]}` means nothing here")
        return Apply("list", tuple(draft.term() for draft in items), type)

    return Draft(raw, list_of(item), sum(draft.nodes for draft in items) + 1, make)


RULES: Mapping[str, Rule] = {
    "application": _application,
    "arithmetic": arithmetic,
    "call": _call,
    "chain": comparison,
    "choice": choice,
    "comprehension": comprehension,
    "connective": connective,
    "function": _function,
    "index": _index,
    "list": _list,
    "minus": minus,
    "name": _name,
    "negation": negation,
    "numeral": _numeral,
    "truth": _truth,
}
"""Kind of node, an alias of the grammar -> the rule that elaborates it."""
