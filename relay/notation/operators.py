"""Types of the operators, and errors for operators that mathematics or Python has and the notation has not.

An error says what to write instead, but never how an operation on arrays is defined: that is for researchers to find.
"""

from __future__ import annotations

from relay.errors import NotationError
from relay.notation.comparisons import ORDERS, SYMBOLS
from relay.notation.context import Context, Environment
from relay.notation.inference import Draft, Hole, Open, find, is_numeric, no_function, show, unify
from relay.notation.printing import print_term
from relay.notation.raw import Raw
from relay.notation.syntax import (
    BOOL,
    NAT,
    SCALAR,
    Apply,
    Choice,
    FnType,
    ListType,
    MatrixType,
    ScalarType,
    SortType,
    Term,
    VectorType,
)
from relay.notation.traversal import endless, functions_in, has_scalars

__all__ = ["arithmetic", "check_ordered", "choice", "comparison", "connective", "minus", "negation"]

_ARITHMETIC = {"+": "add", "-": "sub", "*": "mul", "/": "div", "//": "floordiv", "%": "mod", "**": "pow"}
_FIELD = frozenset({"+", "-", "*"})
_COMPARISON = {symbol: op for op, symbol in SYMBOLS.items()}


def arithmetic(context: Context, raw: Raw, env: Environment) -> Draft:
    """`+ - * / // % **`, and `+` on lists."""
    left_raw, right_raw = raw.nodes
    symbol = raw.word(1)
    left, right = context.infer(left_raw, env), context.infer(right_raw, env)
    kind, other = find(left.type), find(right.type)
    if isinstance(kind, ScalarType) and isinstance(other, ScalarType) and symbol in _FIELD:  # the common case first
        return _apply(context, raw, _ARITHMETIC[symbol], left, right, SCALAR)
    if symbol == "+" and (isinstance(kind, ListType) or isinstance(other, ListType)):
        if not unify(left.type, right.type):
            raise raw.error(
                f"`+` joins two lists of one type, found {show(left.type)} and {show(right.type)}; "
                "a single item is joined as `L + [x]`"
            )
        return _apply(context, raw, "concat", left, right, left.type)
    for draft in (left, right)[: 1 if symbol == "**" else 2]:
        if not is_numeric(draft.type) and not unify(draft.type, Hole(numeric=True)):
            raise _not_numeric(context, raw, symbol, left, right)
    if symbol == "**":
        if right_raw.kind == "minus":
            raise right_raw.error("an exponent must be Nat; write `1 / x ** k`")
        context.expect(right, NAT, "an exponent")
    elif symbol in ("//", "%"):
        for draft in (left, right):
            if not unify(draft.type, NAT):
                mend = "; on scalars there is `/` only" if symbol == "//" else ""
                raise raw.error(f"`{symbol}` is for Nat, found {show(draft.type)}{mend}")
    elif symbol == "/":
        if not context.scalars:
            raise raw.error("`/` is for scalars, and this task has none; on Nat there are `//` and `%`")
        for draft in (left, right):
            if not unify(draft.type, SCALAR):
                raise raw.error("`/` is for scalars, found Nat; write `a // b`, or `scalar(a) / scalar(b)`")
    elif not unify(left.type, right.type):
        raise _mixed(raw, symbol, left, right)
    return _apply(context, raw, _ARITHMETIC[symbol], left, right, left.type)


def minus(context: Context, raw: Raw, env: Environment) -> Draft:
    """`-x`."""
    operand = context.infer(raw.nodes[0], env)
    if not context.scalars:
        raise raw.error("a Nat has no negative, and this task has no scalars; subtract, as in `b - a`")
    if not unify(operand.type, SCALAR):
        if find(operand.type) == NAT:
            raise raw.error("a Nat has no negative; subtract, as in `b - a`, or write `-scalar(k)`")
        raise _not_numeric(context, raw, "-", operand, operand)

    def make() -> Term:
        return Apply("neg", (operand.term(),), SCALAR)

    return Draft(raw, SCALAR, operand.nodes + 1, make)


def _apply(context: Context, raw: Raw, op: str, left: Draft, right: Draft, type: Open) -> Draft:
    def make() -> Term:
        return Apply(op, (left.term(), right.term()), context.settle(type, raw))

    return Draft(raw, type, left.nodes + right.nodes + 1, make)


def comparison(context: Context, raw: Raw, env: Environment) -> Draft:
    """`==`, `!=`, order, and chains of them, which become terms joined by `and`."""
    operands = [context.infer(node, env) for node in raw.nodes]
    symbols = [str(child) for child in raw.children if not isinstance(child, Raw)]
    links = list(zip(symbols, operands, operands[1:], strict=False))
    for symbol, left, right in links:
        if not unify(left.type, right.type):
            no_function(left, right)
            raise _incomparable(raw, symbol, left, right)
        if _COMPARISON[symbol] in ORDERS:
            _check_order(context, raw, symbol, left.type)

    def make() -> Term:
        terms: list[Term] = []
        for symbol, left, right in links:
            type = context.settle(left.type, raw)
            # The first check let an open type pass. Now the whole statement has decided it.
            if _COMPARISON[symbol] in ORDERS:
                _check_order(context, raw, symbol, type)
            for function in functions_in(type):
                _check_equality(context, raw, symbol, function)
            terms.append(Apply(_COMPARISON[symbol], (left.term(), right.term()), BOOL))
        # `a and b and c` nests to the right, so the chain is joined from its end.
        joined = terms.pop()
        while terms:
            joined = Choice("and", (terms.pop(), joined), BOOL)
        return joined

    # A link has its two sides and one node of its own; between two links stands an `and`.
    nodes = sum(left.nodes + right.nodes + 2 for _, left, right in links) - 1
    return Draft(raw, BOOL, nodes, make)


def _check_order(context: Context, raw: Raw, symbol: str, type: Open) -> None:
    """Raise unless values of the type have an order here. An open type passes."""
    type = find(type)
    if type == NAT or isinstance(type, Hole):
        return
    if isinstance(type, ScalarType):
        check_ordered(context, raw, symbol)
        return
    raise raw.error(f"`{symbol}` is for Nat, found {show(type)}")


def check_ordered(context: Context, raw: Raw, symbol: str) -> None:
    """Raise unless the statement may compare scalars by size."""
    if not context.ordered:
        raise raw.error(
            f"scalars have no order in every field, so `{symbol}` is for Nat only; compare scalars with `==` and `!=`, "
            "or claim it `over reals`"
        )


def _check_equality(context: Context, raw: Raw, symbol: str, type: FnType) -> None:
    """Raise unless functions of the type can be compared here. They are compared at all of their arguments, in finite
    models."""
    if any(endless(part) for part in type.parameters) or functions_in(type.result):
        raise raw.error(
            f"`{symbol}` compares functions at every argument, but {show(type)} has infinitely many, or arguments or "
            "results that can't be compared; compare at some, as in `all(f(k) == g(k) for k in range(n))`"
        )
    if context.over != "fields" and any(map(has_scalars, type.parameters)):
        raise raw.error(
            f"`{symbol}` of functions has a meaning in finite models only, and this claim is over {context.over}; "
            "write `f(x) == g(x)` with `x` a parameter of the claim"
        )


def connective(context: Context, raw: Raw, env: Environment) -> Draft:
    """`and`, `or`."""
    return _choice(context, raw, raw.word(1), [context.infer(node, env) for node in raw.nodes])


def _choice(context: Context, raw: Raw, kind: str, operands: list[Draft]) -> Draft:
    for operand in operands:
        context.expect(operand, BOOL, f"each side of `{kind}`")

    def make() -> Term:
        return Choice(kind, tuple(operand.term() for operand in operands), BOOL)

    return Draft(raw, BOOL, sum(operand.nodes for operand in operands) + 1, make)


def negation(context: Context, raw: Raw, env: Environment) -> Draft:
    """`not a`."""
    operand = context.infer(raw.nodes[0], env)
    context.expect(operand, BOOL, "the operand of `not`")

    def make() -> Term:
        return Apply("not", (operand.term(),), BOOL)

    return Draft(raw, BOOL, operand.nodes + 1, make)


def choice(context: Context, raw: Raw, env: Environment) -> Draft:
    """`a if c else b`."""
    then, condition, other = (context.infer(node, env) for node in raw.nodes)
    context.expect(condition, BOOL, "the condition of `if`")
    if not unify(then.type, other.type):
        no_function(then, other)
        raise raw.error(f"both branches of `if` have one type, found {show(then.type)} and {show(other.type)}")

    def make() -> Term:
        type = context.settle(then.type, raw)
        return Choice("if", (condition.term(), then.term(), other.term()), type)

    return Draft(raw, then.type, then.nodes + condition.nodes + other.nodes + 1, make)


# --- errors ----------------------------------------------------------------------------------------------------------


def _not_numeric(context: Context, raw: Raw, symbol: str, left: Draft, right: Draft) -> NotationError:
    """The error for an arithmetic operator on something that is no number."""
    no_function(left, right)
    operand = left if not is_numeric(left.type) else right
    kind = find(operand.type)
    numbers = "numbers" if context.scalars else "Nat"
    message = f"`{symbol}` is for {numbers}, found {show(operand.type)}"
    if isinstance(kind, MatrixType | VectorType):
        mend = "operations on arrays are not given, they are to be invented: say what each entry is, with"
        return raw.error(f"{message}; {mend} {_skeleton(kind)}, or define a function and call it")
    if isinstance(kind, SortType):
        return raw.error(f"{message}; on {kind.name} there are only the operations of the task")
    if kind == BOOL:
        return raw.error(f"{message}; truth values are joined with `and`, `or`, `not`, and counted with `count(...)`")
    if isinstance(kind, ListType):
        return raw.error(f"{message}; lists are joined with `+`, and built with `[t for x in L]`")
    return raw.error(message)


def _skeleton(kind: MatrixType | VectorType) -> str:
    """How an array is written. Its entries stay `...`, because finding them is the researcher's task."""
    if isinstance(kind, VectorType):
        return f"`vector(... for i in range({print_term(kind.size)}))`"
    return f"`matrix(... for i in range({print_term(kind.rows)}) for j in range({print_term(kind.columns)}))`"


def _mixed(raw: Raw, symbol: str, left: Draft, right: Draft) -> NotationError:
    """The error for an arithmetic operator between a Nat and a Scalar."""
    nat = left if find(left.type) == NAT else right
    text = nat.raw.text if nat.raw.kind == "name" else "..."
    return raw.error(
        f"`{symbol}` takes two numbers of one type, found {show(left.type)} and {show(right.type)}; "
        f"write `scalar({text})` for the Nat"
    )


def _incomparable(raw: Raw, symbol: str, left: Draft, right: Draft) -> NotationError:
    """The error for a comparison of two different types, with the fix for common mistakes."""
    message = f"`{symbol}` compares two terms of one type, found {show(left.type)} and {show(right.type)}"
    kinds = (find(left.type), find(right.type))
    for kind, other in (kinds, kinds[::-1]):
        if is_numeric(other) and isinstance(kind, VectorType):
            return raw.error(f"{message}; compare it with a vector, {_skeleton(kind)}, or compare entries")
        if is_numeric(other) and isinstance(kind, MatrixType):
            return raw.error(f"{message}; compare it with a matrix, {_skeleton(kind)}, or compare entries")
        if kind == NAT and isinstance(other, ScalarType):
            return raw.error(f"{message}; write `scalar(...)` around the Nat")
        if is_numeric(other) and isinstance(kind, ListType):
            return raw.error(f"{message}; a list without items is `[]`, its length `len(L)`")
        if is_numeric(other) and kind == BOOL:
            return raw.error(f"{message}; a truth value stands by itself, as in `b` or `not b`")
        if isinstance(kind, ListType) and isinstance(other, VectorType | MatrixType):
            made = "matrix(L[i][j] for ...)" if isinstance(other, MatrixType) else "vector(L[i] for ...)"
            return raw.error(f"{message}; a list is no array: write `{made}`")
    return raw.error(message)
