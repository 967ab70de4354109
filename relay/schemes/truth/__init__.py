"""Truths: what a researcher is told of what the checker found."""

from relay.schemes.truth.hidden import Hidden
from relay.schemes.truth.scheme import TruthScheme
from relay.schemes.truth.shown import Shown

__all__ = ["Hidden", "Shown", "TruthScheme"]
