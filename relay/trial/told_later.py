"""What was withheld of statements and will be told: a fold over the events of a trial."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from relay.records.events import Judged
from relay.records.status_told import StatusTold

__all__ = ["ToldLater"]


class ToldLater:
    """What is to be told at the end of later generations."""

    def __init__(self) -> None:
        self._waiting: dict[int, dict[str, StatusTold]] = {}
        """Generation -> key of a statement -> what is told of it at the generation's end."""

    def withhold(self, event: Judged) -> None:
        """Remember what will be told of a statement, if anything will be."""
        if not event.told_after:
            return
        status = event.status if event.kind == "claim" else ""
        if status or event.explains:
            told = StatusTold(key=event.key, stated=event.generation, status=status, explains=event.explains)
            self._waiting.setdefault(event.told_after, {}).setdefault(event.key, told)

    def due(self, generation: int) -> Iterator[StatusTold]:
        """Yield what is told at the end of a generation, in the order in which it was stated."""
        for told in self._waiting.get(generation, {}).values():
            yield told.model_copy(update={"generation": generation})

    def end_generation(self, generation: int) -> None:
        """Forget what was told."""
        self._waiting.pop(generation, None)

    def snapshot(self) -> dict[int, Any]:
        """The whole state as plain data."""
        return {at: [told.model_dump() for told in waiting.values()] for at, waiting in self._waiting.items()}
