"""The human seat."""

from agents.human.human import Human

__all__ = ["Human"]
