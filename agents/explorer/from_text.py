"""The explorer in the role of a language model: it turns the text of a prompt into the text of an answer.

The prompt is parsed into the view that it was written from, as far as the explorer uses it. Searches run on a separate
bench, with the evaluations that the prompt says are left. `mock/explorer` uses this module, so that prompts, answers
and notes can be tested with real progress and without a model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from typing import Any, cast

from agents.explorer.answers import actions_of
from agents.explorer.explorer import Explorer
from relay.components import available, find
from relay.errors import ModelFault, UsageError
from relay.records.budget import Budget, Spent
from relay.records.reply_data import OpenedData, StatementData
from relay.records.status import Status
from relay.records.task import Given, Operation, Row, Sort
from relay.researcher.actions import NoteAction, Purpose, note_action
from relay.researcher.bench import Bench, Inline
from relay.researcher.observation import (
    Inheritance,
    Message,
    NoteEntry,
    Observation,
    PublicPhenomenon,
    Reply,
    TenureView,
    Turn,
)
from relay.researcher.prompting import GONE, LAST, NO_NOTES, NOTES, PERSONA, SCALARS, UNCALLABLE, WORDS
from relay.researcher.tables import HIDDEN, points
from relay.researcher.turn import TurnContext
from relay.schemes.notes import NoteScheme
from relay.seeds import integer_generator

__all__ = ["play", "read_entries", "read_given", "read_prompt"]

_LEFT = re.compile(r"Left: (\d+) turns?(?: \([^)]*\))?, ([\d,]+) tokens?, ([\d,]+) evaluations?\b")
_NODES = re.compile(r"may have at most (\d+) nodes")
_SORT = re.compile(r"(\w+) has the values 0 to (\d+)\.")
_SIGNATURE = re.compile(r"(\w+)\(([^()]*)\) -> (\w+)")
_TABLES = re.compile(r"Tables, \((.*)\) -> (\w+)\. .*")
_TABLE = re.compile(r"(\d+)\.[ \n]((?:[\d:.,() \n]|True|False)+)")
_PHENOMENON = re.compile(r"(\d+)\. (.*)\((.*)\) -> (.*?)(?:, numbers are (.*))?", re.DOTALL)
_EXPLAINED = re.compile(r"It explains phenomenon ([\d, ]+)\.")
_SILENT = re.compile(
    r"^(?:Skipped, at no cost\b.*?|Done, but the reply is cut for want of room): (.*)\.$", re.MULTILINE
)
_STATUS = re.compile(r"[a-z_]+")
_STATUSES = frozenset(Status)
_LIMIT = re.compile(r"up to ([\d,]+) tokens")
_ENTRY = re.compile(r"([#*] )?\[([^\] ]+)(?: (?!explains )(\w+))?(?:;? explains (\d+(?:, \d+)*))?\]")
_OPENED = re.compile(r"(?:Entry (\S+)|Page \[(\S+)\])[^\n]*:\n(.*)", re.DOTALL)
_UNCALLABLE = re.compile(rf"\n\n{UNCALLABLE}[^\n]*\Z")
_GONE = re.compile(rf"\n\n[^\n]*{re.escape(GONE)}\Z")
_DEFINED = re.compile(r"define (\w+)")


async def play(messages: Sequence[Message], max_tokens: int, seed: int) -> tuple[str, int]:
    """Return the explorer's answer to a prompt, and the evaluations that its search took: at most those that the prompt
    says are left. Raises `ModelFault` if the prompt can't be parsed."""
    try:
        view = read_prompt(messages)
    except (ValueError, IndexError, KeyError, AttributeError) as error:
        raise ModelFault(f"the explorer can't read its prompt: {error}") from error
    searched: list[int] = []
    left = view.remaining.evaluations
    bench = Bench(
        Inline(),
        view.observation.given,
        lambda: left - sum(searched),
        lambda count, digest: searched.append(count),
    )
    answer = await Explorer().answer(view, TurnContext(bench, integer_generator(seed), max_tokens))
    return answer.text, sum(searched)


def read_prompt(messages: Sequence[Message]) -> TenureView:
    """Return the view that a prompt was written from, as far as the explorer uses it.

    The view's tokens and evaluations are those that the prompt says are left, and none of them counts as spent. Turns
    are counted in full. Raises `ValueError` or another lookup error if the prompt has another form.
    """
    briefing = messages[0].content
    for heading in (PERSONA, WORDS):  # it heeds neither
        briefing = briefing.partition(f"\n\n{heading}\n\n")[0]
    # Inherited messages may contain openings of earlier tenures; this tenure begins with the last one.
    start = max(at for at, message in enumerate(messages) if _is_opening(message))
    texts = [message.content for message in messages[start:]]
    texts[-1], _, ending = texts[-1].rpartition("\n\n")  # what is left of the budget stands after the last text
    opening, *rest = texts
    turns = tuple(_turn(answer, told) for answer, told in zip(rest[::2], rest[1::2], strict=True))
    match = _LEFT.search(ending)
    nodes = _NODES.search(briefing)
    if match is None or nodes is None:
        raise ValueError("it does not say which budget is left, or how many nodes a statement may have")
    left = [int(number.replace(",", "")) for number in match.groups()]
    given = read_given(briefing)
    budget = Budget(turns=len(turns) + left[0], tokens=left[1], evaluations=left[2])
    opening = _UNCALLABLE.sub("", _GONE.sub("", opening))
    text = "" if opening == NO_NOTES else opening.removeprefix(NOTES)
    observation = Observation(
        brief="",
        given=given,
        given_text="",
        phenomena=_phenomena(briefing, given),
        inheritance=Inheritance(text=text, entries=tuple(read_entries(text)), messages=tuple(messages[1:start])),
        instructions=briefing,
        note_actions=_offered(briefing),
        notes_room=int(limit[1].replace(",", "")) if (limit := _LIMIT.search(briefing)) else None,
        budget=budget,
        statement_size=int(nodes[1]),
    )
    return TenureView(observation=observation, turns=turns, spent=Spent(turns=len(turns)), last=LAST in ending)


def _offered(briefing: str) -> tuple[NoteAction, ...]:
    """The note actions that a briefing shows, in its order."""
    found = {action: briefing.find(action.example) for action in _note_actions()}
    return tuple(sorted((action for action, at in found.items() if at >= 0), key=lambda action: found[action]))


@cache
def _note_actions() -> tuple[NoteAction, ...]:
    """The actions of every note scheme that is installed."""
    actions: dict[NoteAction, None] = {}
    for name in available("relay.notes"):
        with suppress(UsageError):  # one that can't be loaded has written no prompt
            kinds = cast(type[NoteScheme], find("relay.notes", name)).actions
            actions |= dict.fromkeys(map(note_action, kinds))
    return tuple(actions)


def _opening() -> frozenset[str]:
    """Names of the actions that open a note."""
    return frozenset(action.name for action in _note_actions() if action.purpose is Purpose.OPEN)


def _is_opening(message: Message) -> bool:
    return message.role == "user" and message.content.startswith((NOTES, NO_NOTES))


# --- the given operations --------------------------------------------------------------------------------------------


def read_given(briefing: str) -> Given:
    """What a prompt says is given. Raises `ValueError` if that is not in relay's own words."""
    blocks = [block.splitlines() for block in briefing.split("\n\n") if block.strip()]
    sorts = [Sort(name=sort[1], size=int(sort[2]) + 1) for lines in blocks if (sort := _SORT.fullmatch(lines[0]))]
    sizes = {sort.name: sort.size for sort in sorts}
    operations = []
    for head, *lines in blocks:
        found = _SIGNATURE.fullmatch(head)
        parameters = tuple(part.strip() for part in found[2].split(",") if part.strip()) if found else ()
        if found and lines and {*parameters, found[3]} <= sizes.keys():
            table = _table(lines, [sizes[name] for name in parameters])
            operations.append(Operation(name=found[1], parameters=parameters, result=found[3], table=table))
    given = Given(scalars=SCALARS in briefing, sorts=tuple(sorts), operations=tuple(operations))
    if not given.scalars and not given.sorts:
        raise ValueError("the given data are not described in relay's own words, the only ones that the explorer reads")
    return given


def _table(lines: Sequence[str], sizes: Sequence[int]) -> Any:
    """Read a table that `relay.researcher.prompting` wrote. Return it as nested tuples, one level for each of
    `sizes`."""
    if len(sizes) <= 1:
        return tuple(map(int, lines[0].split()))
    if len(sizes) == 2:
        return tuple(tuple(map(int, line.partition(": ")[2].split())) for line in lines)
    step = len(lines) // sizes[0]
    return tuple(_table(lines[at * step + 1 : (at + 1) * step], sizes[1:]) for at in range(sizes[0]))


def _phenomena(briefing: str, given: Given) -> tuple[PublicPhenomenon, ...]:
    """The phenomena by their numbers. Tables stand below a text that heads all tables of one type."""
    found: list[PublicPhenomenon] = []
    kind: dict[str, Any] | None = None
    for block in briefing.partition("\n\nTo be explained:\n\n")[2].split("\n\n"):
        head, _, rows = block.partition("\n")
        if heading := _TABLES.fullmatch(head):
            kind = {"text": rows, "parameters": tuple(_types(heading[1])), "result": heading[2], "field": "structure"}
        elif kind and (table := _TABLE.fullmatch(block)):
            shown = _shown(table[2], kind["parameters"], given)
            found.append(PublicPhenomenon(number=int(table[1]), rows=shown, **kind))
        elif listed := _PHENOMENON.fullmatch(head):
            found.append(
                PublicPhenomenon(
                    number=int(listed[1]),
                    text=listed[2].strip(),
                    parameters=tuple(_types(listed[3])),
                    result=listed[4],
                    field=listed[5] or "structure",
                    rows=tuple(_row(row) for row in re.split("; |\n", rows)),
                )
            )
    return tuple(sorted(found, key=lambda phenomenon: phenomenon.number))


def _shown(text: str, parameters: Sequence[str], given: Given) -> tuple[Row, ...]:
    """The rows of a table. Lines that only say where a block begins have no values."""
    lines = [line.partition(": ")[2] or line for line in text.splitlines() if not line.startswith("(")]
    values = " ".join(lines).split()
    every = points(parameters, {sort.name: sort.size for sort in given.sorts})
    return tuple(
        Row(inputs=inputs, output=_values(f"[{value}]")[0])
        for inputs, value in zip(every, values, strict=True)
        if value != HIDDEN
    )


def _types(text: str) -> Iterator[str]:
    """Yield the types in `text`. They are separated by commas outside brackets."""
    depth, part = 0, ""
    for character in text:
        depth += (character == "[") - (character == "]")
        if character == "," and depth == 0:
            yield part.strip()
            part = ""
        else:
            part += character
    if part.strip():
        yield part.strip()


def _row(text: str) -> Row:
    inputs, _, output = text.partition(" -> ")
    return Row(inputs=tuple(_values(f"[{inputs}]")), output=_values(f"[{output}]")[0])


def _values(text: str) -> Any:
    """Return nested tuples from a text such as `[[1, 1/2], True]`; fractions stay texts."""
    spelt = re.sub(r"-?\d+/\d+", r'"\g<0>"', text).replace("True", "true").replace("False", "false")
    return _frozen(json.loads(spelt))


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


# --- notes -----------------------------------------------------------------------------------------------------------


def read_entries(text: str) -> Iterator[NoteEntry]:
    """Yield what the text of a ledger tells of its entries."""
    lines = text.splitlines()
    heads = [(at, head) for at, line in enumerate(lines) if (head := _ENTRY.match(line))]
    ends = [at for at, _ in heads[1:]] + [len(lines)]
    for (at, head), end in zip(heads, ends, strict=False):  # without heads there is one end
        names = [defined[1] for line in lines[at:end] if (defined := _DEFINED.match(line))]
        yield NoteEntry(
            id=head[2],
            names=tuple(names) if head[1] else (),
            status=head[3] or "",
            explains=tuple(int(number) for number in head[4].split(", ")) if head[4] else (),
            full=bool(head[1]),
        )


# --- turns -----------------------------------------------------------------------------------------------------------


def _turn(answer: str, told: str) -> Turn:
    actions = actions_of(answer)
    texts = _parts(told, len(actions))
    replies = tuple(_reply(str(action.get("action", "?")), text) for action, text in zip(actions, texts, strict=False))
    return Turn(answer=answer, replies=replies)


def _parts(told: str, count: int) -> list[str]:
    """Split the text of the replies to `count` actions into one text for each action. It is empty for actions that were
    skipped, and for those whose reply was cut for want of room: their numbers are told in a line each."""
    if count == 1:
        return [told]
    silent = {number for line in _SILENT.findall(told) for number in _numbers(line)}
    parts, rest, number = [""] * (count + 1), f"\n{told}", 0
    while number <= count:
        # not every silent action is named, so the next reply is the next one that is there
        others = (other for other in range(number + 1, count + 1) if other not in silent)
        following = next((other for other in others if f"\n{other}. " in rest), count + 1)
        parts[number], _, rest = rest.partition(f"\n{following}. ")
        number = following
    return parts[1:]


def _numbers(line: str) -> Iterator[int]:
    """The numbers in a line such as `1, 4 to 7 and 3 more for want of room`, as far as they are named."""
    for first, last in re.findall(r"\b(\d+)(?: to (\d+))?\b", re.sub(r"`.*?`| and \d+ more", "", line)):
        yield from range(int(first), int(last or first) + 1)


def _reply(action: str, text: str) -> Reply:
    word = _STATUS.match(text)
    status = word[0] if word and word[0] in _STATUSES else None
    explained = _EXPLAINED.search(text)
    ok = status not in (None, Status.ILL_FORMED) or text.startswith(("The claim is well formed", "Entry ", "Page "))
    data: StatementData | OpenedData | None = None
    if action == "state":
        numbers = tuple(int(number) for number in explained[1].split(", ")) if explained else None
        data = StatementData(status=Status(status) if status else None, explained=numbers)
    elif action in _opening() and (opened := _OPENED.fullmatch(text)):
        data = OpenedData(id=opened[1] or opened[2], text=opened[3])
    return Reply(action=action, ok=ok, text=text, data=data)
