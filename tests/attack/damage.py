"""Ways to damage a trial's directory: a list of edits, each with the words that its refusal must have."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from relay.records.chain import seal
from relay.records.events import EVENTS, AnyEvent, Credited, GenerationEnded
from relay.records.head import Head
from relay.records.log import encode, read_chain
from tests.trial.helpers import sealed

__all__ = ["Edit", "of_a_trial", "of_its_files", "of_open_tenures", "of_resealed_tenures", "rewritten"]

TAIL = len(',"chain":"0123456789abcdef"}\n')
CUT = r"cut short.* line \d+"
SCHEMA_1 = "schema version 1 and this relay reads version 2"


@dataclass(frozen=True)
class Edit:
    """One edit."""

    name: str
    apply: Callable[[Path], Any]
    told: str = r"line \d+ .*generation \d"
    """A pattern that the refusal must match."""


def on_lines(change: Callable[[list[bytes]], Sequence[bytes]], file: str = "events.jsonl") -> Callable[[Path], None]:
    """An edit that replaces the lines of a file."""

    def apply(where: Path) -> None:
        path = where / file
        path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))

    return apply


def changed(line: bytes) -> bytes:
    """The line with one value changed: its last digit or letter before the digest."""
    at = max(found.start() for found in re.finditer(rb"[0-9a-z]", line[:-32]))
    return line[:at] + (b"1" if line[at : at + 1] == b"0" else b"0") + line[at + 1 :]


def replaced(lines: list[bytes], at: int, *new: bytes) -> list[bytes]:
    return [*lines[:at], *new, *lines[at + 1 :]]


# --- the log ---------------------------------------------------------------------------------------------------------


def of_a_trial(where: Path) -> Iterator[Edit]:
    """Edits of the log of a whole trial."""
    lines = list(read_chain(where / "events.jsonl", ""))
    first: dict[str, int] = {}
    for at, line in enumerate(lines):
        first.setdefault(line.event.type, at)
    generation = [min(max(line.event.generation, 1 if at else 0), 2) for at, line in enumerate(lines)]
    generation[-1] = lines[-2].event.generation + 1
    last = len(lines) - 1
    for kind, at in sorted(first.items()):
        place = rf"line {at + 1} \(generation {generation[at]}\)"
        yield Edit(f"{kind} changed", on_lines(lambda rows, at=at: replaced(rows, at, changed(rows[at]))), place)
        # without its last line, the log is cut short
        place = place if at < last else CUT
        yield Edit(f"{kind} removed", on_lines(lambda rows, at=at: replaced(rows, at)), place)
    yield from _of_order(len(lines))
    yield from _of_digests(len(lines), first)
    yield from _of_the_end()


def _of_order(count: int) -> Iterator[Edit]:
    middle = count // 2
    yield Edit(
        "two lines swapped",
        on_lines(lambda rows: [*rows[:middle], rows[middle + 1], rows[middle], *rows[middle + 2 :]]),
    )
    yield Edit("first and last swapped", on_lines(lambda rows: [rows[-1], *rows[1:-1], rows[0]]))
    yield Edit("a line doubled", on_lines(lambda rows: replaced(rows, middle, rows[middle], rows[middle])))
    yield Edit("the last line doubled", on_lines(lambda rows: [*rows, rows[-1]]))
    yield Edit("all lines doubled", on_lines(lambda rows: [*rows, *rows]))
    yield Edit("reversed", on_lines(lambda rows: rows[::-1]))
    yield Edit("a block doubled", on_lines(_block_doubled))
    yield Edit("blocks swapped", on_lines(_blocks_swapped))
    yield Edit("a line renumbered after a removal", on_lines(_renumbered))
    yield Edit("a foreign line", on_lines(lambda rows: replaced(rows, middle, b'{"hello": "world"}\n', rows[middle])))
    yield Edit("a line of no JSON", on_lines(lambda rows: replaced(rows, middle, b"\xff\xfe\n", rows[middle])))
    yield Edit("an empty line", on_lines(lambda rows: replaced(rows, middle, b"\n", rows[middle])))
    yield Edit(
        "spaces in a line", on_lines(lambda rows: replaced(rows, middle, rows[middle].replace(b'":', b'": ', 1)))
    )
    yield Edit("another line end", on_lines(lambda rows: replaced(rows, middle, rows[middle][:-1] + b"\r\n")))


def _of_digests(count: int, first: dict[str, int]) -> Iterator[Edit]:
    middle = count // 2
    yield Edit("a digest changed", on_lines(lambda rows: replaced(rows, middle, rows[middle][:-6] + b'0000"}\n')))
    yield Edit("a digest removed", on_lines(lambda rows: replaced(rows, middle, rows[middle][:-TAIL] + b"}\n")))
    yield Edit("all digests removed", on_lines(lambda rows: [row[:-TAIL] + b"}\n" for row in rows]))
    yield Edit(
        "the last digest removed", on_lines(lambda rows: replaced(rows, -1 % len(rows), rows[-1][:-TAIL] + b"}\n"))
    )
    yield Edit("one line sealed anew", on_lines(lambda rows: replaced(rows, middle, _sealed_anew(rows, middle))))
    yield Edit("schema version 1", on_lines(_of_schema_1), SCHEMA_1)
    for field, value in (
        ("retained", ()), ("established", ()), ("established_without_leaps", ("nothing",)), ("laws", ("x/1",)),
        ("explained", (1, 2, 3)), ("readable", ()),
    ):  # fmt: skip
        yield Edit(f"all sealed anew, {field} changed", _resealed(GenerationEnded, **{field: value}))
    yield Edit("all sealed anew, recall 1", _resealed(GenerationEnded, measures={"depth_weighted_recall": 1.0}))
    yield Edit("all sealed anew, credits invented", _invented)
    for kind in ("tenure_started", "shown", "tenure_ended"):
        yield Edit(f"all sealed anew, without the first {kind}", _without(lambda event, kind=kind: event.type == kind))
    yield Edit("all sealed anew, a tenure of another number", _renamed_tenure)
    yield Edit("all sealed anew, a generation without tenures", _idle)
    yield Edit("all sealed anew, completed after one generation", _completed_early)


def _of_the_end() -> Iterator[Edit]:
    for cut in (1, 2, 5):
        yield Edit(
            f"{cut} lines cut off", on_lines(lambda rows, cut=cut: rows[:-cut]), "cut short.* line \\d+|line \\d+"
        )
    yield Edit("a generation cut off", on_lines(_generation_cut), r"cut short.*generation 1.* line \d+")
    yield Edit(
        "half a line cut off",
        on_lines(lambda rows: replaced(rows, len(rows) - 1, rows[-1][:40])),
        r"cut short.* line \d+",
    )
    yield Edit(
        "the last line end cut off",
        on_lines(lambda rows: replaced(rows, len(rows) - 1, rows[-1][:-1])),
        r"cut short.* line \d+",
    )
    yield Edit("emptied", on_lines(lambda rows: []), "cut short")
    yield Edit("removed", lambda where: (where / "events.jsonl").unlink(), "cut short")
    yield Edit("half a line after the end", on_lines(lambda rows: [*rows, b'{"v":2,"type":']))
    yield Edit("a generation after the end", _goes_on)


def _swapped(rows: list[bytes], at: int) -> list[bytes]:
    return [*rows[:at], rows[at + 1], rows[at], *rows[at + 2 :]]


def _spaced(row: bytes) -> bytes:
    return row.replace(b'":', b'": ', 1)


def _block_doubled(rows: list[bytes]) -> list[bytes]:
    ends = [at for at, row in enumerate(rows) if b'"generation_ended"' in row]
    block = rows[1 : ends[0] + 1]
    return [rows[0], *block, *block, *rows[ends[0] + 1 :]]


def _blocks_swapped(rows: list[bytes]) -> list[bytes]:
    ends = [at for at, row in enumerate(rows) if b'"generation_ended"' in row]
    return [rows[0], *rows[ends[0] + 1 : ends[1] + 1], *rows[1 : ends[0] + 1], *rows[ends[1] + 1 :]]


def _renumbered(rows: list[bytes]) -> list[bytes]:
    kept = replaced(rows, len(rows) // 2)
    return [re.sub(rb'"seq":\d+', b'"seq":%d' % place, row, count=1) for place, row in enumerate(kept)]


def _sealed_anew(rows: list[bytes], at: int) -> bytes:
    before = json.loads(rows[at - 1])["chain"]
    return seal(before, changed(rows[at])[:-TAIL] + b"}")[0]


def _of_schema_1(rows: list[bytes]) -> list[bytes]:
    return [row[:-TAIL].replace(b'{"v":2', b'{"v":1', 1) + b"}\n" for row in rows]


def _generation_cut(rows: list[bytes]) -> list[bytes]:
    ends = [at for at, row in enumerate(rows) if b'"generation_ended"' in row]
    return rows[: ends[0] + 1]


def rewritten(where: Path, events: Sequence[AnyEvent]) -> None:
    """Write the log anew with all digests, as somebody would who knows how they are made."""
    placed = [event.model_copy(update={"seq": seq}) for seq, event in enumerate(events)]
    data, chain = encode(placed, "")
    (where / "events.jsonl").write_bytes(data)
    ends = sum(event.type in ("trial_started", "generation_ended", "trial_ended") for event in placed)
    head = Head.read(where / "head.json")
    head.model_copy(update={"blocks": ends, "chain": chain}).write(where / "head.json")


def _resealed(kind: type[Any], **update: Any) -> Callable[[Path], None]:
    def apply(where: Path) -> None:
        events = [line.event for line in read_chain(where / "events.jsonl", "")]
        at = next(place for place, event in enumerate(events) if isinstance(event, kind))
        if "measures" in update:
            update["measures"] = {**events[at].measures, **update["measures"]}  # type: ignore[union-attr]
        events[at] = events[at].model_copy(update=update)
        rewritten(where, events)

    return apply


def _invented(where: Path) -> None:
    events = [line.event for line in read_chain(where / "events.jsonl", "")]
    at = next(place for place, event in enumerate(events) if isinstance(event, Credited))
    credit = events[at].model_copy(update={"concept": "cauchy_binet"})
    rewritten(where, [*events[:at], credit, *events[at:]])


def _without(gone: Callable[[AnyEvent], bool]) -> Callable[[Path], None]:
    def apply(where: Path) -> None:
        events = [line.event for line in read_chain(where / "events.jsonl", "")]
        events.remove(next(event for event in events if gone(event)))
        rewritten(where, events)

    return apply


def _renamed_tenure(where: Path) -> None:
    events = [line.event for line in read_chain(where / "events.jsonl", "")]
    rewritten(where, [event.model_copy(update={"tenure": 7}) if event.tenure == 2 else event for event in events])


def _idle(where: Path) -> None:
    events = [line.event for line in read_chain(where / "events.jsonl", "")]
    rewritten(where, [event for event in events if event.generation != 1 or not event.tenure])


def _completed_early(where: Path) -> None:
    """Generation 2 is gone, and the mean is that of generation 1."""
    events = [line.event for line in read_chain(where / "events.jsonl", "")]
    ends = [event for event in events if isinstance(event, GenerationEnded)]
    last = events[-1].model_copy(update={"auc": ends[0].measures["depth_weighted_recall"]})
    rewritten(where, [*[event for event in events[:-1] if event.generation < 2], last])


def _goes_on(where: Path) -> None:
    lines = list(read_chain(where / "events.jsonl", ""))
    started = EVENTS.validate_json(json.dumps({"type": "generation_started", "generation": 3, "seq": len(lines)}))
    with (where / "events.jsonl").open("ab") as file:
        file.write(encode([started], lines[-1].chain)[0])


# --- open tenures ----------------------------------------------------------------------------------------------------


def of_open_tenures(own: Sequence[AnyEvent]) -> Iterator[Edit]:
    """Edits of a trial whose tenures 1 and 2 of generation 2 are open; `own` are the events of tenure 1."""
    file = "open/g2-t1.jsonl"
    middle = len(own) // 2
    place = r"g2-t1\.jsonl, line \d+ \(generation 2\)"

    def edit(name: str, change: Callable[[list[bytes]], Sequence[bytes]]) -> Edit:
        return Edit(f"open tenure: {name}", on_lines(change, file), place)

    yield edit("a line changed", lambda rows: replaced(rows, middle, changed(rows[middle])))
    yield edit("the first line removed", lambda rows: rows[1:])
    yield edit("a line removed", lambda rows: replaced(rows, middle))
    yield edit("a line doubled", lambda rows: replaced(rows, middle, rows[middle], rows[middle]))
    yield edit("two lines swapped", lambda rows: _swapped(rows, middle))
    yield edit("digests removed", lambda rows: [row[:-TAIL] + b"}\n" for row in rows])
    yield edit("credits invented", lambda rows: [*rows, *[_credit(place) for place in range(4)]])
    yield Edit("open tenure: exchanged", _exchanged, place)
    yield Edit("open tenure: a file of the generation before", _earlier, r"g1-t1\.jsonl, line 1 \(generation 1\)")
    for name in ("g1-t99.jsonl", "g2-t3.jsonl", "g9-t1.jsonl"):
        told = rf"{re.escape(name)} belongs to no tenure .*generation 1"
        yield Edit(f"open tenure: copied to {name}", _moved(name), told)


def of_resealed_tenures(own: Sequence[AnyEvent]) -> Iterator[Edit]:
    """Edits of an open tenure with all digests computed anew. Only who judges again can notice them."""
    file = "open/g2-t1.jsonl"
    place = r"g2-t1\.jsonl, line \d+ \(generation 2\)"

    def edit(name: str, change: Callable[[list[AnyEvent]], list[AnyEvent]]) -> Edit:
        def apply(where: Path) -> None:
            events = [event.model_copy(update={"seq": seq}) for seq, event in enumerate(change(list(own)))]
            (where / file).write_bytes(sealed(where, 2, 1, events))

        return Edit(f"open tenure, sealed anew: {name}", apply, place)

    at = {event.type: place for place, event in reversed(list(enumerate(own)))}
    invented = [
        Credited(generation=2, tenure=1, turn=1, key=f"k{place}", concept=concept, leap=False, first=False)
        for place, concept in enumerate(("determinant", "trace", "rank", "inverse"))
    ]
    yield edit("four credits invented", lambda events: [*events, *invented])
    yield edit("four credits invented early", lambda events: [*events[:5], *invented, *events[5:]])
    yield edit("a credit removed", lambda events: [*events[: at["credited"]], *events[at["credited"] + 1 :]])
    for kind, update in (
        ("judged", {"status": "proved"}), ("judged", {"key": "0" * 8}), ("acted", {"reply": "It is true."}),
        ("credited", {"leap": True}), ("credited", {"concept": "determinant"}), ("shown", {"tokens": 1}),
        ("law_credited", {"law": "rank/1"}), ("note_changed", {"text": "All is known."}),
    ):  # fmt: skip
        yield edit(f"{kind} with {update}", lambda events, kind=kind, update=update: _updated(events, at[kind], update))


def _updated(events: list[AnyEvent], at: int, update: dict[str, Any]) -> list[AnyEvent]:
    return [*events[:at], events[at].model_copy(update=update), *events[at + 1 :]]


def _credit(place: int) -> bytes:
    credit = Credited(generation=2, tenure=1, turn=1, seq=place, key="k", concept="trace", leap=False, first=True)
    return credit.model_dump_json().encode() + b"\n"


def _exchanged(where: Path) -> None:
    one, other = where / "open/g2-t1.jsonl", where / "open/g2-t2.jsonl"
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def _earlier(where: Path) -> None:
    (where / "open/g1-t1.jsonl").write_bytes((where / "open/g2-t1.jsonl").read_bytes())


def _moved(name: str) -> Callable[[Path], Any]:
    return lambda where: (where / "open" / name).write_bytes((where / "open/g2-t1.jsonl").read_bytes())


# --- the other files -------------------------------------------------------------------------------------------------


def of_its_files(outside: Path) -> Iterator[Edit]:
    """Edits of the files beside the log, and things that are no files of a trial. `outside` is another directory."""
    begun = r"{} was changed after the trial began \(line 1 of the log, before generation 1\)"

    def text(name: str, old: str, new: str) -> Callable[[Path], None]:
        def apply(where: Path) -> None:
            found = (where / name).read_text()
            assert old in found
            (where / name).write_text(found.replace(old, new, 1))

        return apply

    for name, old, new in (
        ("condition.yaml", "seed: 1", "seed: 2"), ("condition.yaml", "cap: 100", "cap: 200"),
        ("condition.yaml", "width: 2", "width: 2 # two"), ("condition.yaml", "generations: 2", "generations: 3"),
        ("task.json", '"brief":"', '"brief":"Cheat. '), ("task.json", '"concepts":[', '"concepts": ['),
    ):  # fmt: skip
        yield Edit(f"{name}: {new}", text(name, old, new), begun.format(re.escape(name)))
    yield Edit(
        "condition of schema 1",
        text("condition.yaml", "v: 2", "v: 1"),
        "schema version 1 and this relay reads version 2",
    )
    yield Edit("condition removed", lambda where: (where / "condition.yaml").unlink(), r"no condition\.yaml|not empty")
    for value in ("!!bool x", '!!int ""', '!!float ""', '"\\UFFFFFFFF"', "[" * 5_000, "2020-13-45"):
        edit = text("condition.yaml", "seed: 1", f"seed: {value}")
        yield Edit(f"condition with {value[:12]}", edit, r"condition\.yaml is not YAML")
    huge = text("condition.yaml", "v: 2", f"v: 0x{'f' * 6_000}")
    yield Edit("condition of a huge schema", huge, r"condition\.yaml is not YAML: .*a number has more than 100 char")
    long = text("condition.yaml", "v: 2", f"v: 0x{'f' * 60}")
    yield Edit("condition of a long schema", long, "schema version unknown and this relay reads version 2")
    for field in ('"blocks":0,"chain":""', '"blocks":-7,"chain":""', '"blocks":1,"chain":""'):
        yield Edit(f"head with {field}", _head(field), r"head\.json|line \d+ \(generation \d\)")
    yield Edit("head of another schema", text("head.json", '"v":2', '"v":3'), r"head\.json is no head")
    yield Edit("task removed", lambda where: (where / "task.json").unlink(), r"task\.json is missing")
    yield Edit("head removed", lambda where: (where / "head.json").unlink(), r"head\.json is missing")
    yield Edit("head emptied", lambda where: (where / "head.json").write_text(""), r"head\.json is no head")
    yield Edit("head of another log", text("head.json", '"chain":"', '"chain":"0'), r"line \d+ \(generation \d\)")
    yield Edit("head counts more", text("head.json", '"blocks":', '"blocks":1'), r"cut short.*generation \d.*line \d+")
    for name in ("condition.yaml", "task.json", "head.json", "events.jsonl", "timings.jsonl", "frontier.svg", "lock"):
        yield Edit(f"{name} is a link", _linked(name, outside), rf"{re.escape(name)} is not a regular file")
    for name in ("open", "files"):
        yield Edit(f"{name} is a link", _folder_linked(name, outside), rf"{name} is not a directory of the trial")
    yield Edit("a link in open", _link_in_open(outside), r"g2-t1\.jsonl is not a regular file")
    yield Edit("a pipe", _pipe("timings.jsonl"), r"timings\.jsonl is not a regular file")
    yield Edit("a pipe for a log", _pipe("events.jsonl"), r"events\.jsonl is not a regular file")
    yield Edit("a folder for a log", _folder("events.jsonl"), r"events\.jsonl is not a regular file")
    yield Edit(
        "a foreign file", lambda where: (where / "thesis.tex").write_text("x"), r"thesis\.tex is no file of this trial"
    )
    yield Edit("a foreign file in open", _foreign, r"open/thesis\.tex is no file of this trial")
    for name in ("open.part", "files.part", "events.jsonl.part"):
        yield Edit(f"a foreign {name}", _made(name), rf"{re.escape(name)} is no file of this trial")
    yield Edit("a foreign file among the copies", _among_copies, r"files/x\.py is no file of this trial")
    yield Edit("a foreign link", lambda where: (where / "away").symlink_to(outside), r"away is no file of this trial")


def _linked(name: str, outside: Path) -> Callable[[Path], None]:
    def apply(where: Path) -> None:
        there = outside / name
        if (where / name).exists():
            (where / name).rename(there)
        else:
            there.write_text("")
        (where / name).symlink_to(there)

    return apply


def _folder_linked(name: str, outside: Path) -> Callable[[Path], None]:
    def apply(where: Path) -> None:
        if (where / name).exists():
            (where / name).rename(outside / name)
        else:
            (outside / name).mkdir()
        (outside / name / "g1-t1.jsonl").write_text("precious")
        (where / name).symlink_to(outside / name)

    return apply


def _link_in_open(outside: Path) -> Callable[[Path], None]:
    def apply(where: Path) -> None:
        (outside / "precious").write_text("precious")
        (where / "open").mkdir(exist_ok=True)
        (where / "open/g2-t1.jsonl").unlink(missing_ok=True)
        (where / "open/g2-t1.jsonl").symlink_to(outside / "precious")

    return apply


def _pipe(name: str) -> Callable[[Path], None]:
    def apply(where: Path) -> None:
        (where / name).unlink(missing_ok=True)
        os.mkfifo(where / name)

    return apply


def _folder(name: str) -> Callable[[Path], None]:
    def apply(where: Path) -> None:
        (where / name).unlink()
        (where / name).mkdir()

    return apply


def _head(fields: str) -> Callable[[Path], Any]:
    def apply(where: Path) -> None:
        path = where / "head.json"
        path.write_text(re.sub(r'"blocks":.*', fields + "}", path.read_text().strip()) + "\n")

    return apply


def _made(name: str) -> Callable[[Path], Any]:
    return lambda where: (where / name).mkdir()


def _among_copies(where: Path) -> None:
    (where / "files").mkdir(exist_ok=True)
    (where / "files/x.py").write_text("precious")


def _foreign(where: Path) -> None:
    (where / "open").mkdir(exist_ok=True)
    (where / "open/thesis.tex").write_text("precious")
