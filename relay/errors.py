"""The errors of relay, as one tree.

    RelayError
    ├── UsageError            what the user gave can't be used; the CLI prints it in one line and exits with status 2
    │   ├── NotationError     a statement that is not in the language (carries a position); for a researcher it is data
    │   └── TaskError         a task that does not describe a theory
    ├── ModelFault            the model's fault: garbage, refusal, cut off at its length limit; costs the turn
    └── MachineFault          the machine's fault: lost connection, dead engine, time-out; retried, costs nothing
        └── WorkerFault       a worker process was killed, crashed or ran out of memory (carries the cause)

Messages name the culprit, what was expected, and the fix. Authors of components raise ordinary exceptions.
"""

from __future__ import annotations

__all__ = ["MachineFault", "ModelFault", "NotationError", "RelayError", "TaskError", "UsageError", "WorkerFault"]


class RelayError(Exception):
    """Base of all errors that relay raises on purpose."""


class UsageError(RelayError):
    """Something that the user gave can't be used, and the user can fix it."""


class NotationError(UsageError):
    """A text is not a statement of the notation.

    `line` and `column` count from 1, within the given text.
    """

    def __init__(self, message: str, *, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.message}"


class TaskError(UsageError):
    """A task does not describe a theory: a cycle, a misspelt prerequisite, an ill-typed definition."""


class ModelFault(RelayError):
    """The model's answer can't be used. The researcher loses a turn."""


class MachineFault(RelayError):
    """Something between relay and the model broke. Nothing is charged, and the request may be repeated.

    `kind` is one word for the log, by default the name of the class. `retry_after` is the number of seconds that the
    other side asked relay to wait. With `lasting` the same request would only fail again, so the trial is interrupted
    at once.
    """

    def __init__(self, message: str = "", *, kind: str = "", retry_after: float = 0.0, lasting: bool = False) -> None:
        super().__init__(message)
        self.kind = kind or type(self).__name__
        self.retry_after = retry_after
        self.lasting = lasting


class WorkerFault(MachineFault):
    """A worker process did not finish its job. `cause` says in a few words why; `memory` is True if memory ran out."""

    def __init__(self, message: str, *, cause: str, memory: bool = False) -> None:
        super().__init__(message)
        self.cause = cause
        self.memory = memory
