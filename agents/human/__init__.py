"""The human seat: a person at the terminal takes the place of a language model.

`human` is the agent and `chair` knows who sits there. `dialogue` is one answer, line by line; `forms` says how actions
are typed; `keyboard` and `pipe` are where lines come from; `page`, `layout` and `screen` are what is shown, and `clock`
what is left of the time. A person reads and does the same as a model; only the words around it differ.
"""

from agents.human.human import Human

__all__ = ["Human"]
