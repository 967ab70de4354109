"""Truth schemes: what researchers learn of the checker's findings.

`scheme` is the base class; `shown` reports the status of claims and phenomena, `hidden` reports neither. The score
never depends on a truth scheme.
"""

from relay.schemes.truth.hidden import Hidden
from relay.schemes.truth.scheme import TruthScheme
from relay.schemes.truth.shown import Shown

__all__ = ["Hidden", "Shown", "TruthScheme"]
