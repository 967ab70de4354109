"""Error messages for texts that the parser rejects: what was expected, and the fix.

Most messages are for habits from Python and other languages, such as `x^2` or `lambda`. Errors of names and types are
raised later, during elaboration (`relay.notation.elaborate`).
"""

from __future__ import annotations

from collections.abc import Sequence

from lark import Token

from relay.errors import NotationError
from relay.notation.limits import position
from relay.notation.raw import Raw

__all__ = ["FOREIGN", "complaint"]

FOREIGN = {
    "None": "there is no `None`; every term has a value of its type",
    "abs": "there is no absolute value",
    "assert": "statements are `claim (...): ...`",
    "axiom": "statements are `define` and `claim`",
    "def": "write `define NAME(x: TYPE) -> TYPE = TERM`",
    "elif": "write `a if c else (b if d else e)`",
    "enumerate": "write `for i in range(len(vs))` and `vs[i]`",
    "exists": "write `any(... for x in ...)`",
    "exit": "the notation has terms only, no commands",
    "filter": "write `[t for x in vs if ...]`",
    "float": "there are no floats; write a quotient such as `1 / 2`",
    "forall": "the parameters of a claim are universally quantified; inside a term write `all(... for x in ...)`",
    "iff": "write `a == b`",
    "import": "there are no imports; call operations of the task, and definitions that you stated or read",
    "int": "there is no `int`; a numeral is read as its place requires, and `scalar(k)` turns a Nat into a Scalar",
    "is": "write `a == b`",
    "lambda": "there are no lambdas; define a function and call it",
    "lemma": "write `claim NAME (x: TYPE): TERM`",
    "let": "there are no assignments; define a function, or write the term out",
    "map": "write `[t for x in vs]`",
    "null": "there is no null value",
    "print": "the notation has terms only, no commands",
    "return": "a definition is a single term after `=`; there is no `return`",
    "reversed": "write `[vs[len(vs) - 1 - i] for i in range(len(vs))]`",
    "round": "there is no rounding; numbers are exact",
    "set": "there are no sets; use a list",
    "sorted": "there is no sorting; write the order that you mean",
    "theorem": "write `claim NAME (x: TYPE): TERM`",
    "then": "write `a if c else b`",
    "true": "write `True`",
    "false": "write `False`",
    "tuple": "there are no tuples; use a list",
    "while": "there are no loops; let a definition call itself",
    "xor": "write `a != b`",
    "zip": "write `for i in range(len(vs))` and `vs[i]`, `ws[i]`",
}
"""Word of another language -> what to write instead. `Context.unknown` uses this table too."""

# The first match wins. A mark therefore stands before every mark that it contains: `<==>` before `<=>` and `=>`.
_MARKS = (
    ("<==>", "write `a == b`"),
    ("<=>", "write `a == b`"),
    ("==>", "write `implies(a, b)`"),
    ("=>", "write `implies(a, b)`; at least is `>=`"),
    ("===", "write `==`"),
    ("=<", "write `<=`"),
    ("<>", "write `!=`"),
    (":=", "a definition is written `define NAME(x: TYPE) -> TYPE = TERM`"),
    ("+=", "there are no assignments"),
    ("-=", "there are no assignments"),
    ("*=", "there are no assignments"),
    ("++", "there are no assignments; lists are joined with `+`"),
    ("&&", "write `and`"),
    ("&", "write `and`"),
    ("||", "write `or`"),
    ("|", "write `or`"),
    ("->", "`->` stands only between the parameters and the type of a definition; an implication is `implies(a, b)`"),
    ("~", "write `not a`"),
    ("!", "`not` is written out: `not a`; unequal is `!=`. For a factorial write `prod(i + 1 for i in range(n))`"),
    ("^", "powers are written `x ** k`"),
    ("@", "there is no product of arrays here; write it out, or define it"),
    ('"', "there are no strings"),
    ("'", "there are no strings, and no mark for a transpose; define a function and call it"),
    ("{", "there are no braces; lists are written `[a, b]`"),
    ("}", "there are no braces; lists are written `[a, b]`"),
    ("\\", "there are no backslashes; a statement goes on over a line's end while a bracket is open"),
    (";", "one statement at a time, with nothing after it"),
    ("`", "there are no back quotes inside a statement"),
    ("$", "there is no `$`; write the term in plain ASCII"),
    ("?", "write `a if c else b`"),
)
# How messages name the terminals of the grammar.
_SHOWN = {
    "NAME": "a name",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "LSQB": "`[`",
    "RSQB": "`]`",
    "COMMA": "`,`",
    "COLON": "`:`",
    "EQUAL": "`=`",
    "__ANON_0": "`->`",
    "CLASS": "`fields`, `reals` or `complexes`",
    "FOR": "`for`",
    "IN": "`in`",
    "IF": "`if`",
    "ELSE": "`else`",
    "WHERE": "`where`",
    "OVER": "`over`",
    "DEFINE": "`define`",
    "CLAIM": "`claim`",
    "$END": "the end",
}
_OPERATORS = frozenset({"PLUS", "MINUS", "PRODUCT", "POWER", "COMPARISON", "AND", "OR"})
_TYPES = frozenset({"NAT", "BOOL", "SCALAR", "VECTOR", "MATRIX", "LIST", "FN"})
# If the parser accepts all of these, a term may start here.
_STARTS_TERM = frozenset({"NUMBER", "TRUE", "FALSE", "FUNCTION", "COMPREHENSION"})
# Kinds of nodes that are terms: the aliases in the grammar.
_TERMS = frozenset({
    "application", "arithmetic", "call", "chain", "choice", "comprehension", "connective", "function", "index", "list",
    "minus", "name", "negation", "numeral", "terms", "truth",
})  # fmt: skip
_SOURCES = frozenset({"RANGE", "PERMUTATIONS", "SUBSETS"})
_WORDS = frozenset({"COMPREHENSION", "FUNCTION", "NAME", "CLASS", "CLAIM"}) | _TYPES | _SOURCES


def complaint(
    source: str, offset: int, token: Token | None, accepts: frozenset[str], values: Sequence[object]
) -> NotationError:
    """Return the error for a parser that stopped at `offset` of `source`.

    `token` is the unexpected token. It is None in two cases: the text ends too early, or the character at `offset`
    begins no token. In the second case `accepts` is empty. `accepts` holds the terminals that could stand here,
    `values` the parser's stack of values.
    """
    line, column = position(source, offset)
    return NotationError(_message(source, offset, token, accepts, values), line=line, column=column)


def _message(source: str, offset: int, token: Token | None, accepts: frozenset[str], values: Sequence[object]) -> str:
    rest = source[offset:]
    before = source[:offset]
    place = str(token) if token is not None else rest[:1]
    # A control character would break the line of the message, and a name may have thousands of characters.
    if not place.isprintable():
        place = f"U+{ord(place[0]):04X}"
    elif len(place) > 40:
        place = place[:40] + "..."
    found = f"`{place}` can't stand here" if rest.strip() else "the text ends here"
    last = values[-1] if values else None
    # A foreign word reads as a name, so the parser often stops only at the next token: in `lambda y`, at `y`.
    for word in (token, last.token if isinstance(last, Raw) and last.kind in ("name", "call") else last):
        if isinstance(word, Token) and word.type == "NAME" and str(word) in FOREIGN:
            return f"`{word}` is not a word of the notation: {FOREIGN[str(word)]}"
    for mark, mend in _MARKS:
        # The parser may stop inside a mark: `+=` begins with the token `+`, and the error comes at `=`.
        if source.find(mark, max(0, offset - len(mark) + 1), offset + len(mark)) >= 0:
            return f"`{mark}` is not in the notation: {mend}"
    if rest.startswith("."):
        if before[-1:].isdigit() or rest[1:2].isdigit():
            return "there are no floats; write a quotient of numerals such as `1 / 2`"
        return "there are no attributes and methods; functions are called as `f(x)`"
    if token is not None and token.type in ("NAME", "LPAR", "NUMBER") and _is_numeral(last):
        return f"{found}: numerals are plain decimal digits, and between factors stands `*`, as in `2 * x`"
    habit = _habit(token, accepts, values)
    if habit:
        return f"{found}: {habit}"
    return f"{found}; expected {_expected(accepts)}" if accepts else f"{found}; it begins no word of the notation"


def _is_numeral(value: object) -> bool:
    return (isinstance(value, Raw) and value.kind == "numeral") or (isinstance(value, Token) and value.type == "NUMBER")


def _habit(token: Token | None, accepts: frozenset[str], values: Sequence[object]) -> str | None:
    """The fix for a common mistake that the tokens around the place suggest, or None. The first check wins."""
    kind = token.type if token is not None else "$END"
    inside, words = _open_word(values)
    last = values[-1] if values else None
    # If the parser has already closed the term before this place, it accepts no operator; the term is on the stack.
    is_term = isinstance(last, Raw) and last.kind in _TERMS
    after_term = is_term or not accepts.isdisjoint({"PLUS", "COMPARISON", "POWER"})
    before_term = "NUMBER" in accepts
    if kind == "EQUAL" and after_term:
        return "equality is written `==`"
    if kind == "PLUS" and before_term:
        return "there is no `+x`; write `x`"
    if "ELSE" in accepts:
        return "`a if c` needs its other branch: write `a if c else b`"
    if kind == "IF" and before_term:
        return "a choice is written `a if c else b`"
    if inside == "(" and kind == "COMMA" and after_term:
        return "there are no tuples; write a list, `[a, b]`"
    if words == "COMPREHENSION" and kind in ("COMMA", "RPAR", "IN") and after_term:
        if kind == "COMMA" and inside in ("max", "min"):
            sign = ">=" if inside == "max" else "<="
            return f"`{inside}` ranges over generators; for two terms write `a if a {sign} b else b`"
        return f"`{inside}` ranges over generators: write `{inside}(t for x in ...)`"
    if (words in _TYPES and kind in ("COMMA", "RSQB")) or accepts == {"LSQB"}:
        return "types are written `Vector[n]`, `Matrix[m, n]`, `List[T]` and `Fn[T, R]`"
    if kind == "FOR" and after_term:
        if words == "FUNCTION":
            return f"`{inside}` takes a term; a list is built with `[t for ...]`"
        return "generators stand only in sum, prod, all, any, count, max, min, first, vector, matrix and `[t for ...]`"
    if kind in ("IN", "NOT") and after_term:
        return "`in` stands in generators only, `for x in ...`; membership is `any(v == w for w in vs)`"
    if kind in ("FUNCTION", "COMPREHENSION", *_SOURCES, *_TYPES) and "NAME" in accepts and not before_term:
        return f"`{token}` is a word of the notation; choose another name"
    if kind in _SOURCES and before_term:
        mend = f"for a list write `[i for i in {token}(...)]`"
        return f"`{token}` stands only after `in`, as in `for i in {token}(...)`; {mend}"
    if kind in _TYPES and before_term:
        return "a type can't stand in a term; a generator ranges over it with `for x in TYPE`"
    if kind == "COLON" and inside == "[":
        return "there are no slices; write `[v[i] for i in range(a, b)]`"
    return None


def _open_word(values: Sequence[object]) -> tuple[str, str]:
    """The word before the innermost open bracket, as written, and that word's terminal.

    If the bracket belongs to no word (it groups, indexes or makes a list), the result is the bracket and "". If no
    bracket is open, it is two empty strings.
    """
    for index in range(len(values) - 1, -1, -1):
        value = values[index]
        if isinstance(value, Token) and value.type in ("LPAR", "LSQB"):
            before = values[index - 1] if index else None
            if isinstance(before, Token) and before.type in _WORDS:
                return str(before), before.type
            return str(value), ""
    return "", ""


def _expected(accepts: frozenset[str]) -> str:
    """The terminals in `accepts` in words, for a message."""
    # Whole classes of terminals become one word each; only the rest is listed.
    rest = set(accepts)
    words: list[str] = []
    if rest >= _STARTS_TERM:
        words.append("a term")
        rest -= _STARTS_TERM | {"NAME", "LPAR", "LSQB", "MINUS", "NOT"}
        if rest >= _SOURCES:
            words.append("`range(...)`, `permutations(n)`, `subsets(n, k)` or a type")
            rest -= _SOURCES | _TYPES
    elif rest >= _TYPES:
        words.append("a type")
        rest -= _TYPES | {"NAME"}
    if rest & _OPERATORS:
        words.append("an operator")
        rest -= _OPERATORS
    words += [_SHOWN.get(terminal, f"`{terminal.lower()}`") for terminal in sorted(rest)]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]
