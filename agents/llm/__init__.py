"""The language-model researcher."""

from agents.llm.researcher import LanguageModel

__all__ = ["LanguageModel"]
