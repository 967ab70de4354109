"""The notation: text to checked statements and back. docs/notation.md, generated from the grammar, describes it.

Reading raises `NotationError` with a position, what was expected, and the fix. Nothing in a text is ever executed.
"""

from relay.notation.canonical import canonical_term
from relay.notation.elaborate import read_parameters, read_statement, read_term, read_type
from relay.notation.fences import Fence, fences
from relay.notation.lines import Located, split_statements
from relay.notation.match_terms import read_match
from relay.notation.printing import print_statement, print_term, print_type
from relay.notation.renaming import mentioned_names, rename_calls
from relay.notation.scope import RESERVED, Scope
from relay.notation.traversal import count_nodes

__all__ = [
    "RESERVED",
    "Fence",
    "Located",
    "Scope",
    "canonical_term",
    "count_nodes",
    "fences",
    "mentioned_names",
    "print_statement",
    "print_term",
    "print_type",
    "read_match",
    "read_parameters",
    "read_statement",
    "read_term",
    "read_type",
    "rename_calls",
    "split_statements",
]
