"""Truths: what a researcher is told of what the checker found."""

from relay.truth.hidden import Hidden
from relay.truth.scheme import TruthScheme
from relay.truth.shown import Shown

__all__ = ["Hidden", "Shown", "TruthScheme"]
