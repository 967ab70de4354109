"""Truth schemes: what is reported to researchers of the checker's findings.

`scheme` is the base class. `shown` reports the status of claims and phenomena, `hidden` reports neither, `delayed` some
generations later. `judge` reports a model's opinion of claims; `judge_prompt` is what the model is asked. The score
never depends on a truth scheme.

What the author of a truth needs can be imported from here ([docs/components.md](../../../docs/components.md)).
"""

from relay.checker.verdict import Verdict
from relay.records.status import Status
from relay.schemes.truth.hidden import Hidden
from relay.schemes.truth.scheme import TruthScheme
from relay.schemes.truth.shown import Shown

__all__ = ["Hidden", "Shown", "Status", "TruthScheme", "Verdict"]
