"""The embedded researcher: no model, no GPU, no network."""

from agents.explorer.explorer import Explorer

__all__ = ["Explorer"]
