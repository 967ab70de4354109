"""Work that is begun ahead of its turn and told in its turn."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Generic, TypeVar

__all__ = ["answered", "in_order"]


def in_order(begun: Iterable[T], is_done: Callable[[T], bool], most: int) -> Iterator[T]:
    """What `begun` gives, in its order, each as soon as it is done and those before it are told. Taking an item from
    `begun` begins it; no more than `most` are begun and not yet told, so memory stays flat. The last ones may not be
    done: whoever takes them waits."""
    waiting: deque[T] = deque()
    for item in begun:
        waiting.append(item)
        while waiting and (len(waiting) > most or is_done(waiting[0])):
            yield waiting.popleft()
    while waiting:
        yield waiting.popleft()


Q = TypeVar("Q")
A = TypeVar("A")
T = TypeVar("T")


class _Work(Generic[Q, A, T]):
    """One generator, and the answer that it waits for."""

    def __init__(self, asking: Generator[Q, A, T], ask: Callable[[Q], Future[A]]) -> None:
        self._asking = asking
        self._ask = ask
        self.outcome: Future[T] = Future()
        self.asked: Future[A] | None = None
        self._go(lambda: next(asking))

    def advance(self) -> None:
        """Go on as long as answers are there."""
        while self.asked is not None and self.asked.done():
            answer = self.asked
            self._go(lambda: self._asking.send(answer.result()))  # noqa: B023 - called at once

    def _go(self, step: Callable[[], Q]) -> None:
        try:
            self.asked = self._ask(step())
        except StopIteration as stopped:
            self.asked = None
            self.outcome.set_result(stopped.value)


def answered(work: Iterable[Generator[Q, A, T]], ask: Callable[[Q], Future[A]], at_once: int) -> Iterator[T]:
    """What the pieces of work return, in their order. Each asks one question at a time; of the pieces, at most
    `at_once` are begun and not yet told."""
    begun: deque[_Work[Q, A, T]] = deque()
    coming = iter(work)
    more = True
    while more or begun:
        while more and len(begun) < at_once:
            piece = next(coming, None)
            more = piece is not None
            if piece is not None:
                begun.append(_Work(piece, ask))
        for one in begun:
            one.advance()
        while begun and begun[0].outcome.done():
            yield begun.popleft().outcome.result()
        waiting = [one.asked for one in begun if one.asked is not None]
        if waiting and len(waiting) == len(begun) and not any(one.done() for one in waiting):
            wait(waiting, return_when=FIRST_COMPLETED)
