"""The human seat: a person at the terminal takes the place of a language model.

`human` is the agent, and `chair` knows who sits at the terminal. `dialogue` is one answer, line by line, and `forms`
defines how actions are typed. Lines come from a `keyboard` or a `pipe`. `page`, `layout` and `screen` produce what is
shown, and `clock` the time left. A person reads the same and may do the same as a model; only the wording differs.
"""

from agents.human.human import Human

__all__ = ["Human"]
