"""A memory scheme: the end of the conversation. `relay run alien --memory examples/memory.py:Glimpse -g 3`"""

from pydantic import Field

from relay.schemes.memory import MemoryScheme, longest_end


class Glimpse(MemoryScheme):
    """A successor also gets the end of its predecessor's conversation, in a share of the room that there is."""

    share: float = Field(default=0.5, gt=0, le=1)
    """The part of the room that is used."""

    @property
    def transcripts(self) -> bool:
        """Whether messages are handed on at all, so that a trial has to keep them."""
        return True

    def hand_on(self, remembered, room, count):
        """The messages that a successor gets: the longest end that fits and begins with a message to it."""
        return longest_end(remembered, int(self.share * room), count)
