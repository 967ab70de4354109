"""The language-model researcher.

`researcher` is the agent: it renders its view (`prompt`), with the `rules` that stand first, and hands the text of an
answer on. `decoding` makes the grammar that answers can be held to. It keeps nothing between calls, and what a model is
stands in `agents.models`.
"""

from agents.llm.researcher import LanguageModel

__all__ = ["LanguageModel"]
