"""What a researcher can do in a turn. Note schemes add their own actions to these (see `relay.notes`).

An answer is JSON text `{"actions": [...]}`. Text that is not JSON is read for fences marked ```` ```relay ````: each
statement found there is a `state` action; anything else in it is thinking aloud.
"""

from __future__ import annotations

from typing import Literal

from relay.record import Record


class Action(Record):
    """Base of the union; `action` tells the classes apart."""

    action: str


class State(Action):
    """State one definition or claim; costs one evaluation."""

    action: Literal["state"] = "state"
    source: str


class Evaluate(Action):
    """Ask for the value of a closed term on each of the task's public models; costs one evaluation."""

    action: Literal["evaluate"] = "evaluate"
    term: str


class End(Action):
    """End the tenure before its budget is spent."""

    action: Literal["end"] = "end"
