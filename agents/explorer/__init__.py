"""The embedded researcher: a typed search for definitions and claims. No model, no GPU, no network.

`explorer` is the agent. If a task gives sorts, `structure` searches for explanations of tables: terms of a sort in
`structure_terms`, truth values in `relations`. If it gives scalars, `arrays` searches: a tenure examines some families
of parameters (`signatures`), small ones more often. In each family (`family`) it evaluates calls of definitions that it
read (`closed_terms`), conjectures laws from equal values (`conjectures`), and sometimes builds terms over entries
(`open_terms`). Terms with equal values on the public points are pruned (`pool`); the laws that values satisfy decide
which terms are worth stating (`worth`). The last public model is tiny, because in a large field no two random matrices
are inverse to each other, and a relation that never holds can't be told from a constant. The explorer states only as
much as the next prompt has room for, with the replies.

Notes have a cap, and definitions that others can replace use it up. So before the explorer writes, it compares the best
definitions with one or two calls of the others, and reads the claims that were reported to be true (`curation`).
Definitions that *better* definitions can express are dropped first. A transpose can also be expressed by the sum of a
matrix and its transpose, but that sum is not a better definition, so the transpose stays.

`library` reads the inheritance, `note_actions` writes notes, `from_text` runs the explorer on prompts. The explorer
uses nothing that a language model would not see.
"""

from agents.explorer.explorer import Explorer

__all__ = ["Explorer"]
