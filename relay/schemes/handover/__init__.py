"""Steps between the note store and a successor: controls. None is applied by default.

`step` has the interface: a step gets everything that could be handed on and a generator, and returns what is handed on.
It changes the view of one successor and never the store. `shuffled` draws the order of the notes, `blank` replaces
their texts by filler, `lost` drops some of them for good, and `stripped` takes out their remarks or their statements.
What is taken out of a text is taken out of the note's data too: nothing may say what the text does not.

What the author of a step needs can be imported from here ([docs/components.md](../../../docs/components.md)).
"""

from relay.schemes.handover.step import HandoverStep, HandoverView
from relay.schemes.notes.note import Note
from relay.seeds import content_generator

__all__ = ["HandoverStep", "HandoverView", "Note", "content_generator"]
