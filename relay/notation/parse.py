"""From text to located nodes: first the limits, then the grammar. Any text gives a tree or a `NotationError`."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import cast

from lark import Lark, Token, UnexpectedCharacters, UnexpectedInput

from relay.notation.complaints import complaint
from relay.notation.driver import Driver
from relay.notation.limits import check_limits
from relay.notation.lines import check_single
from relay.notation.raw import Raw
from relay.notation.tables import kept_tables, lark_of_grammar, tables_of

__all__ = ["parse"]


@cache
def _parser() -> Lark:
    """Lark's parser. Only wrong texts need it."""
    return lark_of_grammar()


@cache
def _driver() -> Driver:
    return Driver(kept_tables() or tables_of(_parser()))


@lru_cache(maxsize=512)
def parse(source: str, start: str = "statement") -> Raw:
    """The located tree of `source`, read as a `statement`, `term`, `type`, `parameters` or `match`.

    The latest trees are cached: no code changes a tree, and notes are read again in every turn.
    """
    check_limits(source)
    if start == "statement":
        check_single(source)
    read = _driver().parse(source, start)
    if read is not None:
        return read
    # The text is wrong. Lark's own loop reads it again, because it reports what was expected.
    try:
        return cast(Raw, _parser().parse(source, start=start))
    except UnexpectedCharacters as error:
        raise complaint(source, error.pos_in_stream or 0, None, frozenset(), ()) from None
    except UnexpectedInput as error:
        token = getattr(error, "token", None)
        accepts = frozenset(getattr(error, "accepts", None) or ())
        stack = getattr(getattr(error, "interactive_parser", None), "parser_state", None)
        values = tuple(getattr(stack, "value_stack", ()))
        is_end = token is None or token.type == "$END"
        offset = len(source.rstrip()) if is_end else cast(Token, token).start_pos or 0
        raise complaint(source, offset, None if is_end else token, accepts, values) from None
