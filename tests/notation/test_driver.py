"""The driver makes the same trees as Lark's own loop, and refuses the same texts."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from lark import Token, UnexpectedInput

from relay.errors import NotationError
from relay.notation import split_statements
from relay.notation.parse import _driver, _parser
from relay.notation.raw import Raw
from tests.notation.samples import DESCRIBED, write

CORPUS = Path(__file__).parents[1] / "checker" / "soundness"
TEXTS = [
    *DESCRIBED,
    *(write(seed) for seed in range(60)),
    *(located.source for path in sorted(CORPUS.glob("*.relay")) for located in split_statements(path.read_text())[::7]),
]


def told(node: object) -> object:
    """A tree as plain data, with the positions of its tokens."""
    if isinstance(node, Raw):
        return (node.kind, node.depth, told(node.token), [told(child) for child in node.children])
    if isinstance(node, Token):
        return (node.type, str(node), node.value, node.start_pos, node.line, node.column)
    return node


def by_lark(source: str) -> object:
    try:
        return told(_parser().parse(source, start="statement"))
    except UnexpectedInput:
        return None
    except NotationError as error:
        return str(error)


def by_driver(source: str) -> object:
    try:
        return told(_driver().parse(source, "statement"))
    except NotationError as error:
        return str(error)


def test_the_same_trees() -> None:
    assert len(TEXTS) > 200
    for source in TEXTS:
        tree = by_driver(source)
        assert tree is not None, source
        assert tree == by_lark(source), source


def test_the_same_refusals() -> None:
    refused = 0
    for seed, source in enumerate(TEXTS):
        random = Random(seed)
        at = random.randrange(len(source))
        broken = (
            source[:at]
            + random.choice(["", "", "(", ")", "]", " for ", "$", "**", "\n", " # ", "if"])
            + source[at + random.randrange(3) :]
        )
        tree = by_driver(broken)
        assert tree == by_lark(broken), broken
        refused += tree is None
    assert refused > 50


@pytest.mark.parametrize("start", ["term", "type", "parameters"])
def test_the_other_beginnings(start: str) -> None:
    sources = {
        "term": "x + 1 if a[0] == 2 else -x ** 2",
        "type": "List[Vector[n + 1]]",
        "parameters": "x: Nat, y: Bool",
    }
    assert told(_driver().parse(sources[start], start)) == told(_parser().parse(sources[start], start=start))
    assert _driver().parse(sources[start] + " )", start) is None
