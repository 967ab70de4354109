"""Researchers: components that get a view and return an answer.

`explorer/` (needs no model), `llm/` (a language model), `human/` (a person at the terminal), `scripted` (answers from a
list, for tests). `models/` has the language models, one file a provider; `selection` finds the agent that the options
of a command name. Agents import `relay` only, and never its scoring: they know what a researcher may know.
"""
