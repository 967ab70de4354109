"""Which notes hold the statements that other notes rest on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from relay.schemes.notes.note import Note

__all__ = ["Holders"]


class Holders:
    """The notes of a store by the statements that they hold."""

    def __init__(self, notes: Iterable[Note]) -> None:
        self.by_key: dict[str, Note] = {}
        """Key of a statement -> the first note that holds it."""
        for note in notes:
            for key in note.statements:
                self.by_key.setdefault(key, note)

    def needed(self, note: Note, there: Collection[str]) -> Iterable[Note]:
        """`note`, which comes last, and before it the notes that hold the statements it rests on. Notes whose ids are
        in `there` are left out."""
        # An explicit stack: chains of definitions may be longer than Python's limit of recursion.
        done: dict[str, Note] = {}
        stack: list[tuple[Note, Iterator[Note]]] = [(note, self._called(note))]
        open_ids = {note.id}
        while stack:
            top, called = stack[-1]
            following = next(called, None)
            if following is None:
                done[top.id] = top
                stack.pop()
            elif following.id not in open_ids and following.id not in there:
                open_ids.add(following.id)
                stack.append((following, self._called(following)))
        return done.values()

    def _called(self, note: Note) -> Iterator[Note]:
        keys = (key for key in note.rests_on.values() if key not in note.statements)
        return (self.by_key[key] for key in keys if key in self.by_key)
