"""Steps between the note store and a successor: controls. None is applied by default.

`step` has the interface: a step gets everything that could be handed on and a generator, and returns what is handed on.
It changes the view of one successor and never the store. `shuffled` draws the order of the notes, `blank` replaces
their texts by filler, `lost` drops some of them for good, and `stripped` takes out their remarks or their statements.
What is taken out of a text is taken out of the note's data too: nothing may say what the text does not.

`charter` is the base of rules of conduct, whose keeping is measured: `mark_unchecked`, `never_strike` and `leave_plan`.

What the author of a step needs can be imported from here ([docs/components.md](../../../docs/components.md)).
"""

from relay.schemes.handover.charter import Charter, Kept
from relay.schemes.handover.conduct import Conduct
from relay.schemes.handover.step import HandoverStep, HandoverView
from relay.schemes.notes.note import Note
from relay.seeds import content_generator

__all__ = ["Charter", "Conduct", "HandoverStep", "HandoverView", "Kept", "Note", "content_generator"]
