"""From a syntax error to what was expected and the mend, above all for what habits of Python suggest."""

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
    "import": "there are no imports; call what is given and what you defined or read",
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
"""Words of other languages, and what to write in their place."""

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
_STARTS_TERM = frozenset({"NUMBER", "TRUE", "FALSE", "FUNCTION", "COMPREHENSION"})
_TERMS = frozenset({
    "application", "arithmetic", "call", "chain", "choice", "comprehension", "connective", "function", "index", "list",
    "minus", "name", "negation", "numeral", "terms", "truth",
})  # fmt: skip
_SOURCES = frozenset({"RANGE", "PERMUTATIONS", "SUBSETS"})
_WORDS = frozenset({"COMPREHENSION", "FUNCTION", "NAME", "CLASS", "CLAIM"}) | _TYPES | _SOURCES


def complaint(
    source: str, offset: int, token: Token | None, accepts: frozenset[str], values: Sequence[object]
) -> NotationError:
    """The error for a parser that stumbled at `offset` of `source`: over `token`, over a character that begins no
    token (`None`, with `accepts` empty), or over the end (`None`)."""
    line, column = position(source, offset)
    return NotationError(_message(source, offset, token, accepts, values), line=line, column=column)


def _message(source: str, offset: int, token: Token | None, accepts: frozenset[str], values: Sequence[object]) -> str:
    rest = source[offset:]
    before = source[:offset]
    place = str(token) if token is not None else rest[:1]
    if not place.isprintable():
        place = f"U+{ord(place[0]):04X}"
    elif len(place) > 40:
        place = place[:40] + "..."
    found = f"`{place}` can't stand here" if rest.strip() else "the text ends here"
    last = values[-1] if values else None
    for word in (token, last.token if isinstance(last, Raw) and last.kind in ("name", "call") else last):
        if isinstance(word, Token) and word.type == "NAME" and str(word) in FOREIGN:
            return f"`{word}` is not a word of the notation: {FOREIGN[str(word)]}"
    for mark, mend in _MARKS:
        # The parser may stumble in the middle of a mark, over what is no token or over one too many.
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
    """The mend for a slip that the tokens around the place betray."""
    kind = token.type if token is not None else "$END"
    inside, words = _open_word(values)
    last = values[-1] if values else None
    # Where the parser has already closed the term before the place, operators are no longer among what it accepts.
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
            return f"`{inside}` ranges over generators; of two terms write `a if a {sign} b else b`"
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
    """The innermost open bracket: the word before it, as spelt, and that word's terminal. A bracket that belongs to no
    word, but groups, indexes or makes a list, is itself and a blank."""
    for index in range(len(values) - 1, -1, -1):
        value = values[index]
        if isinstance(value, Token) and value.type in ("LPAR", "LSQB"):
            before = values[index - 1] if index else None
            if isinstance(before, Token) and before.type in _WORDS:
                return str(before), before.type
            return str(value), ""
    return "", ""


def _expected(accepts: frozenset[str]) -> str:
    """What could stand here, in words."""
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
