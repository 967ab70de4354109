"""The language-model researcher.

`researcher` is the agent. It renders its view as a `prompt`, with the `rules` first, and returns the text of an answer;
`prompted` is the part of it that every reader of this prompt shares.
`decoding` makes the grammar that answers may be decoded with. The agent has no state between calls. Models are in
`agents.models`.
"""

from agents.llm.researcher import LanguageModel

__all__ = ["LanguageModel"]
