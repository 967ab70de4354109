"""The contract of note schemes: what every scheme keeps, so that schemes can be compared.

`broken_by(scheme, folder)` says which of these rules a scheme breaks. A scheme may do whatever else it likes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from relay.errors import NotationError
from relay.notation import fences, mentioned_names, split_statements
from relay.notation.syntax import Definition
from relay.records.events import Acted, NoteChanged, NotesShown
from relay.researcher.actions import Action, Role, answer_schema, note_action
from relay.researcher.disguise import Disguise
from relay.researcher.tokens import count_text
from relay.researcher.vocabulary import Vocabulary, spellings
from relay.schemes.notes.naming import joined, read_parts
from relay.schemes.notes.scheme import FoundNotes, Layout, Notes, Opened, Refused, Several, Written
from relay.trial.contract.note_subject import ROOMS, NoteSubject
from relay.trial.contract.rule import Broken, BrokenError, Contract, ContractRule, raised
from relay.trial.contract.short_trial import lived, resumes
from relay.trial.opening import lay_out, open_tenure
from relay.trial.resolve import Source
from relay.trial.tenure_note_place import TenureNotePlace
from relay.trial.tenure_state import TenureState

__all__ = ["CONTRACT", "NOTE_RULES", "broken_by"]

KNOWN: tuple[dict[str, str], ...] = ({}, {"f0": "the key of something else", "f1": "another key"})
"""Names that a reader knows already; the second reader gets other names for what the notes define."""
SHORT = 300
"""Most tokens of the instructions of a scheme."""
_WORD = re.compile(r"[A-Za-z]+")


def _layouts(subject: NoteSubject) -> Iterator[tuple[Notes, int, Layout]]:
    """Each store of the scheme in each room."""
    for store in subject.stores:
        for room in ROOMS:
            yield store, room, subject.scheme.show(store, room, count_text)


def _total(subject: NoteSubject) -> None:
    for store in subject.stores:
        for room in ROOMS:
            try:
                layout = subject.scheme.show(store, room, count_text)
            except (Exception, SystemExit) as error:
                told = raised(error, "`show`")
                raise BrokenError(f"{told}, for {len(store)} notes in {room} tokens") from error
            if not isinstance(layout, Layout):
                raise BrokenError(f"`show` returns a {type(layout).__name__}")


def _pure(subject: NoteSubject) -> None:
    for store in subject.stores:
        before = {id: note.model_copy(deep=True) for id, note in store.items()}
        for room in ROOMS:
            first, second = (subject.scheme.show(store, room, count_text) for _ in range(2))
            if first != second:
                raise BrokenError(f"`show` returns two different pages of the same {len(store)} notes in {room} tokens")
            if list(store.items()) != list(before.items()):
                raise BrokenError("`show` changes the store that it is given")


def _caps(subject: NoteSubject) -> None:
    limit = subject.scheme.limit
    for store, room, layout in _layouts(subject):
        most = room if limit is None else min(room, limit)
        texts = [joined(layout.parts, [part.text for part in layout.parts])]
        # names with suffixes are longer than the names that the scheme counted
        texts += [lay_out(subject.scheme, store, room, count_text, known)[1].text for known in KNOWN]
        tokens = max(map(count_text, texts))
        if tokens > most:
            raise BrokenError(f"a page of {len(store)} notes has {tokens} tokens in a room of {room} (limit: {limit})")
    for shown in subject.events:
        if limit is not None and isinstance(shown, NotesShown) and shown.tokens > limit:
            raise BrokenError(f"a researcher was shown {shown.tokens} tokens, and the limit is {limit}")
    if limit is not None and str(limit) not in subject.scheme.instructions().replace(",", ""):
        raise BrokenError(f"its instructions do not tell the limit, {limit}")


def _once(subject: NoteSubject) -> None:
    for store, room, layout in _layouts(subject):
        ids = [note.id for note in layout.shown]
        if len(ids) > len(set(ids)):
            raise BrokenError(f"a page of {len(store)} notes in {room} tokens shows a note twice")
        listed = [note.id for note in layout.listed]
        if len(listed) > len(set(listed)) or not set(listed).isdisjoint(ids):
            raise BrokenError("a note is listed twice, or shown and listed too")


def _covered(subject: NoteSubject) -> None:
    for store, room, layout in _layouts(subject):
        shown, dropped = ({note.id for note in notes} for notes in (layout.shown, layout.dropped))
        if len(layout.dropped) > len(dropped) or shown & dropped:
            raise BrokenError("a note is dropped twice, or shown and dropped too")
        if missing := sorted(store.keys() - shown - dropped):
            raise BrokenError(f"of {len(store)} notes in {room} tokens, {missing[0]!r} is neither shown nor dropped")
        if shown | dropped != store.keys() or any(store[each.id] != each for each in (*layout.shown, *layout.dropped)):
            raise BrokenError("a page shows or drops a note that is not in the store, or another version of it")
        if unlisted := sorted({note.id for note in layout.listed} - dropped):
            raise BrokenError(f"{unlisted[0]!r} is listed and not dropped")


def _told(subject: NoteSubject) -> None:
    for _, _, layout in _layouts(subject):
        for part in layout.parts:
            words = set(re.sub(r"[],;:()[]", " ", part.text).split())
            for mention in part.mentions:
                for piece in (mention.id, mention.status, *map(str, mention.explains)):
                    if piece and piece not in words and piece not in part.text.replace("\n", " "):
                        raise BrokenError(f"the data tell {piece!r} of note {mention.id!r}, and the page does not")


def _callable(subject: NoteSubject) -> None:
    for number, state in enumerate(subject.states):
        store, definitions = state.store.notes, state.store.definitions
        for room in ROOMS:
            parts = subject.scheme.show(store, room, count_text).parts
            for known in KNOWN:
                read = read_parts(parts, known)
                found = _read_again(subject, read.text, read.labels, definitions)
                if lost := sorted(name for name, key in read.names.items() if (name, key) not in found):
                    raise BrokenError(
                        f"after generation {number}, `{lost[0]}` counts as shown and can't be read on the page"
                    )
    written = {key for change in subject.changes for key in change.statements}
    if subject.scheme.actions and subject.changes and not written:
        raise BrokenError("no statement that was written into a note is linked (`place.link`), so none can be called")


def _read_again(
    subject: NoteSubject, text: str, labels: Mapping[str, str], definitions: Mapping[str, Definition]
) -> set[tuple[str, str]]:
    """Names and keys of the definitions in the fences of a page, as its reader reads them."""
    found: set[tuple[str, str]] = set()
    for fence in fences(text):
        for located in split_statements(fence.body):
            called = {
                name: definitions[labels[name]]
                for name in sorted(mentioned_names(located.source))
                if labels.get(name) in definitions
            }
            try:
                statement = subject.setup.reader.reread(located.source, called)
            except NotationError:
                continue
            if isinstance(statement, Definition):
                found.add((statement.name, statement.key))
    return found


def _history(subject: NoteSubject) -> None:
    for change in subject.changes:
        if change.version > 1 and not any(ref.version == change.version - 1 for ref in change.parents):
            raise BrokenError(
                f"version {change.version} of {change.id!r} does not name version {change.version - 1} as a parent"
            )
    shown = [event for event in subject.events if isinstance(event, NotesShown)]
    for event in shown:
        there = len(subject.states[event.generation - 1].store.notes)
        if len(event.notes) + event.dropped_count != there:
            raise BrokenError(f"the log says what became of {len(event.notes) + event.dropped_count} of {there} notes")


def _conflicts(subject: NoteSubject) -> None:
    for store in subject.stores:
        for note in store.values():
            for text in ("another text", ""):
                edit = NoteChanged(
                    id=note.id, version=note.version, author="g9-t9", text=text, parents=(note.ref,), data=note.data,
                    applied=False,
                )  # fmt: skip
                merged = subject.scheme.merge(store, edit)
                if merged.id == note.id and not merged.conflict:
                    raise BrokenError("an edit of a version that is gone replaces the version that another one wrote")
                if text and (merged.text != text or merged.id in store):
                    raise BrokenError("an edit of a version that is gone is lost, or replaces another note")


def _misuse(subject: NoteSubject) -> None:
    for place in _places(subject):
        for kind in subject.scheme.actions:
            for values in (_values(kind, ""), _values(kind, "no such note"), _values(kind, "```\n" * 3)):
                told = " ".join(sorted({repr(value) for value in values.values()}))
                try:
                    action = kind.model_validate(values)
                except ValueError:
                    continue  # the engine refuses it
                try:
                    outcome = subject.scheme.apply(action, place)
                except (Exception, SystemExit) as error:
                    why = raised(error, "`apply`")
                    raise BrokenError(f"{why}, for `{action.action}` with {told}") from error
                if not isinstance(outcome, Written | Several | Opened | FoundNotes | Refused):
                    raise BrokenError(f"`apply` returns a {type(outcome).__name__} for `{action.action}`")
                needs_note = any(field.required and field.role is Role.NOTE for field in note_action(kind).fields)
                if needs_note and not isinstance(outcome, Refused):
                    raise BrokenError(f"`{action.action}` is carried out for a note that does not exist")
                if isinstance(outcome, Refused) and not outcome.reply.strip():
                    raise BrokenError(f"`{action.action}` is refused without a reason")
                if isinstance(outcome, Written) and not outcome.text and outcome.id not in place.notes:
                    raise BrokenError(f"`{action.action}` writes a note without a text")


def _values(kind: type[Action], value: str) -> dict[str, object]:
    """An action whose texts are all `value`; fields that are no text are left out."""
    fields = {name: field for name, field in kind.model_fields.items() if name != "action"}
    texts = {name: value for name, field in fields.items() if "str" in str(field.annotation)}
    return {"action": kind.model_fields["action"].default, **texts}


def _places(subject: NoteSubject) -> Iterator[TenureNotePlace]:
    """Tenures that have just begun, as the scheme sees them."""
    for generation, state in enumerate(subject.states, 1):
        opening = open_tenure(subject.setup, state, generation, 1)
        yield TenureNotePlace(subject.setup, TenureState(opening, subject.setup.reader, {}), f"{generation}.1.")


def _marked(subject: NoteSubject) -> None:
    instructions = subject.scheme.instructions()
    if not instructions.strip():
        raise BrokenError("it has no instructions")
    for kind in subject.scheme.actions:
        action = note_action(kind)
        if action.purpose is None:
            raise BrokenError(f"`{action.name}` has no purpose")
        if unmarked := [field.name for field in action.fields if field.role is None]:
            raise BrokenError(f"the field `{unmarked[0]}` of `{action.name}` has no role")
        if action.example not in instructions:
            raise BrokenError(f"its instructions do not show `{action.example}`")


def _short(subject: NoteSubject) -> None:
    if (tokens := count_text(subject.scheme.instructions())) > SHORT:
        raise BrokenError(f"its instructions have {tokens} tokens, and may have {SHORT}")


def _disguise(subject: NoteSubject) -> None:
    vocabulary = Vocabulary.of(subject.setup.task, answer_schema(subject.scheme.actions))
    disguise = Disguise.of(vocabulary, 1)
    betraying = {spelt for word in vocabulary.words for spelt in spellings(word) if len(spelt) > 2}
    texts = [subject.scheme.instructions()]
    texts += [read_parts(layout.parts, {}).text for _, _, layout in _layouts(subject)]
    own = {note_action(kind).name for kind in subject.scheme.actions}
    texts += [event.reply for event in subject.events if isinstance(event, Acted) and event.action["action"] in own]
    for text in texts:
        left = sorted(betraying.intersection(_WORD.findall(disguise.swap(text))))
        if left:
            raise BrokenError(f"the true word `{left[0]}` is still read in a disguise")


FIRST: tuple[ContractRule[NoteSubject], ...] = (
    ContractRule("lived", "A trial under it comes to its end.", lived),
    ContractRule("total", "Any store can be shown in any room, an empty one and one of huge notes too.", _total),
)
"""Rules without which no other one can be checked, each in turn."""
THEN: tuple[ContractRule[NoteSubject], ...] = (
    ContractRule("pure", "What is shown depends on the notes and the room alone, and changes nothing.", _pure),
    ContractRule(
        "caps", "A page has at most as many tokens as the room, and as the limit that the instructions tell.", _caps
    ),
    ContractRule("once", "Nothing is shown twice.", _once),
    ContractRule("covered", "Every note of the store is either shown in full or reported as dropped.", _covered),
    ContractRule("told", "The data of a page hold nothing that its text does not tell.", _told),
    ContractRule(
        "callable", "A statement that counts as shown stands on the page, and can be called from there.", _callable
    ),
    ContractRule("history", "What is dropped or rewritten stays in the log: a version names the one before.", _history),
    ContractRule(
        "conflicts", "An edit of a version that is gone overwrites nothing: it is kept as a conflict.", _conflicts
    ),
    ContractRule("misuse", "A misused action is refused in words, and changes nothing.", _misuse),
    ContractRule(
        "marked", "Programs can use its actions: each has a purpose, its fields have roles, and it is told.", _marked
    ),
    ContractRule("short", "Its instructions stand in every prompt, and are short.", _short),
    ContractRule(
        "resumed", "A trial that is killed at any moment and resumed has the same log, byte for byte.", resumes
    ),
    ContractRule(
        "disguise", "In a disguise no true word is read, on a page, in a reply, or in the instructions.", _disguise
    ),
)


CONTRACT = Contract("note scheme", NoteSubject, FIRST, THEN)
NOTE_RULES = CONTRACT.rules


def broken_by(scheme: Source, folder: Path) -> list[Broken]:
    """The rules that a note scheme breaks; `folder` gets its trials. If no trial comes to its end under the scheme, or
    if it can't show a store, nothing else is checked."""
    return CONTRACT.broken_by(scheme, folder)
