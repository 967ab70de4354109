"""Truth schemes: what is reported to researchers of the checker's findings.

`scheme` is the base class. `shown` reports the status of claims and phenomena, `hidden` reports neither, `delayed` some
generations later. `judge` reports a model's opinion of claims; `judge_prompt` is what the model is asked. The score
never depends on a truth scheme.
"""

from relay.schemes.truth.hidden import Hidden
from relay.schemes.truth.scheme import TruthScheme
from relay.schemes.truth.shown import Shown

__all__ = ["Hidden", "Shown", "TruthScheme"]
