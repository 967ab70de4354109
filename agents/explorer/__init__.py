"""The embedded researcher: a typed search for definitions and claims. No model, no GPU, no network.

`explorer` is the agent. `structure` searches where a task gives sorts: which tables can be explained. `arrays` searches
where it gives scalars: a tenure looks at some families of parameters (`signatures`), more readily at small ones. In
each (`family`) it evaluates calls of definitions that it read (`closed_terms`), sets equal terms equal (`conjectures`),
and now and then spells terms out over entries (`open_terms`). Values on the public points prune what is the same
(`pool`); the laws that values keep say what is worth stating (`worth`). The last public model is tiny: in a large field
no two random matrices are inverse to each other, and a relation that never holds looks like none. What the explorer
states is cut to what the next prompt has room for, with its reply.

Notes have a cap, and definitions that others can replace crowd them. So before it writes, the explorer compares the
best definitions with one or two calls of the others, and reads the claims that were reported to be true (`curation`);
what *better* definitions say goes first. A transpose is also a sum less its half, and stays.

`library` reads what was handed on, `note_actions` writes notes, `from_text` plays the explorer through prompts. It
looks at nothing that a language model would not see.
"""

from agents.explorer.explorer import Explorer

__all__ = ["Explorer"]
