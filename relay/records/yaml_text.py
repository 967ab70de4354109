"""Reads YAML that somebody else may have written: plain data or one error, whatever the text is.

A short text can stand for billions of values: an alias of a list of aliases, or a mapping that merges others. So what a
text stands for is counted on its parsed nodes, before any value is made of them.
"""

from __future__ import annotations

import re
import warnings
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, MaxDepthExceededError
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

__all__ = ["read_yaml"]

MOST_WRITTEN = 40_000
"""Most values that are written in a text: reading more takes longer than a second."""
DEEPEST = 64
"""Most lists and mappings inside one another."""
LARGEST = 200_000
"""Most values that a text may stand for. Aliases and merged mappings count as often as they are used."""
LONGEST_NUMBER = 100
"""Most characters of a whole number. Python refuses to print, or to read, those of thousands of digits."""
_WHOLE = "tag:yaml.org,2002:int"
_HALF = re.compile(r"[\ud800-\udfff]")


def read_yaml(text: str | bytes) -> Any:
    """The data in a text. Raises `YAMLError` if it is not YAML, and `ValueError` for anything else that is wrong.

    Tags and escapes are resolved by the library with Python's own errors, of several kinds.
    """
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _BoundedComposer
    yaml.max_depth = DEEPEST
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library warns of what other versions of YAML would read
            return yaml.load(text.decode() if isinstance(text, bytes) else text)
    except (MaxDepthExceededError, RecursionError):
        raise ValueError("its lists or mappings are nested too deep") from None
    except (YAMLError, ValueError):
        raise
    except Exception as error:
        raise ValueError(f"a value can't be read ({type(error).__name__}: {error})") from None


class _BoundedComposer(Composer):
    """Makes the nodes of a document, unless there are too many or one contains itself."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader=loader)
        self.warn_double_anchors = False
        self._written = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self._written += 1
        if self._written > MOST_WRITTEN:
            raise ValueError(f"it has more than {MOST_WRITTEN:,} values")
        node = super().compose_node(parent, index)
        if isinstance(node, ScalarNode) and (half := _HALF.search(node.value)):
            raise ValueError(f"line {node.start_mark.line + 1}: {half[0]!r} is half of a character; leave it out")
        if isinstance(node, ScalarNode) and node.tag == _WHOLE and len(node.value) > LONGEST_NUMBER:
            raise ValueError(f"line {node.start_mark.line + 1}: a number has more than {LONGEST_NUMBER} characters")
        return node

    def compose_document(self) -> Any:
        version = self.parser.peek_event().version
        if version not in (None, (1, 2)):  # others have numbers such as 1:30:00, which take quadratic time to read
            raise ValueError("it says that it is no YAML 1.2; remove the line that begins with `%YAML`")
        node = super().compose_document()
        if node is not None and _values(node, {}) > LARGEST:
            raise ValueError(f"it stands for more than {LARGEST:,} values")
        return node


def _values(node: Node, known: dict[int, int]) -> int:
    """The number of values that a node stands for, keys included. `known` has the numbers of collections; 0 for those
    that are being counted. Raises `ValueError` if a collection contains itself."""
    if not isinstance(node, SequenceNode | MappingNode):
        return 1
    count = known.get(id(node))
    if count == 0:
        raise ValueError(f"line {node.start_mark.line + 1}: a list or mapping contains itself")
    if count is None:
        known[id(node)] = 0
        items = node.value if isinstance(node, SequenceNode) else [part for pair in node.value for part in pair]
        count = 1 + sum(_values(item, known) for item in items)
        known[id(node)] = count
    return count
