"""The page of a ledger: which entries a successor is shown in full, which an index names, and the text of both.

An entry takes one line beside its statement, a comment: `# [1.1.3 proved; explains 3] remark`. What was reported stands
inside the brackets, where no remark can reach. All text of an author other than the statement is put on that one line,
and comments in a statement are left out, so that no entry can look like another one.

If not everything fits, a quarter of the room holds the index, and free texts and accepted claims have a share of the
rest each. What a share does not use goes to the others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

from relay.notation import fences
from relay.records.status import ACCEPTED, Status
from relay.researcher.identity_cache import IdentityCache
from relay.researcher.tokens import Counter
from relay.schemes.notes.holders import Holders
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import FENCE, Layout, Mention, Notes, Part
from relay.text import excerpt

__all__ = ["LedgerPage", "PageShares", "remark_of"]

INDEX = "Not shown for want of room; open an entry to read it:"
MORE = "and {} more that are not listed"
PATIENCE = 32
"""Number of entries that may fail to fit before their share counts as full. Later, shorter entries may still fit, but
testing all of them would be slow in a large store."""

HEAD = 72
"""Characters of an entry that the index shows."""


_TEXTS: IdentityCache[str] = IdentityCache()
_TOKENS: IdentityCache[int] = IdentityCache()
"""Entries in full, and their tokens: a page is laid out after every entry that a tenure writes."""


class Rank(IntEnum):
    """The groups of entries, in the order in which they are shown."""

    WORDS = 0
    EXPLAINING = 1
    LAW = 2
    OTHER = 3

    @classmethod
    def of(cls, note: Note) -> Rank:
        """The group of an entry."""
        if not note.statements:
            return cls.WORDS
        if note.explains:
            return cls.EXPLAINING
        return cls.LAW if note.sure in ACCEPTED else cls.OTHER


HEADINGS = {
    Rank.WORDS: "Words, the newest first (ids begin with the generation):",
    Rank.EXPLAINING: "Told to explain a phenomenon, with what they rest on:",
    Rank.LAW: "Told to be true, with what they rest on:",
    Rank.OTHER: "Other entries:",
}
LISTING = (Rank.EXPLAINING, Rank.LAW, Rank.WORDS, Rank.OTHER)
"""The order of the index. There are always new texts, so they must not crowd out what matters more."""


@dataclass(frozen=True)
class PageShares:
    """The shares of a page that does not hold everything, without its index."""

    words: float
    """For free texts: at most this."""
    laws: float
    """For accepted claims: at least this, if they need it."""


class LedgerPage:
    """The notes of a store laid out in a room of so many tokens."""

    def __init__(self, notes: Notes, room: int, count: Counter, shares: PageShares, *, crowded: bool = False) -> None:
        """`crowded`: whether there are entries beside `notes` that do not fit, so that there is an index in any
        case."""
        self._entries = _Entries(notes, count)
        self._room = self._most = room
        if not crowded and (used := self._entries.total(room)) <= room:
            self._choice = _Choice(self._entries, notes, 0, 0, used)
        else:
            self._most = room - room // 4
            self._choice = self._chosen(shares)

    @property
    def fullness(self) -> float:
        """The used part of the room for entries in full; 1 if an entry does not fit."""
        if len(self._choice.chosen) < self._entries.number:
            return 1.0
        return self._choice.used / self._most if self._most > 0 else 1.0

    @property
    def shown(self) -> Collection[str]:
        """Ids of the entries that are shown in full."""
        return self._choice.chosen.keys()

    def layout(self) -> Layout:
        """The text of the page."""
        parts = tuple(self._parts())
        rest, listed, index = self._index()
        if index:
            parts = (*parts, Part(index, mentions=tuple(map(_mention, listed))))
        return Layout(parts=parts, listed=tuple(listed), dropped=tuple(rest))

    @property
    def listed(self) -> Collection[str]:
        """Ids of the entries that only the index names."""
        return {note.id for note in self._index()[1]}

    def _index(self) -> tuple[list[Note], list[Note], str]:
        """The notes that are not shown, those of them that the index names, and its text."""
        rest = [note for note in self._entries.ordered(LISTING) if note.id not in self._choice.chosen]
        return rest, *_index(rest, self._room - self._choice.used, self._entries.count)

    def _chosen(self, shares: PageShares) -> _Choice:
        """The entries of a page that does not hold everything."""
        words = _Choice(self._entries, {}, 0, int(self._most * shares.words))
        for note in self._entries.groups[Rank.WORDS]:
            if not words.take(note):
                break
        laws = self._need(Rank.LAW, int(self._most * shares.laws))
        choice = _Choice(self._entries, words.chosen, laws, self._most - words.used - laws, words.used)
        # first each from its own share, then all from what is left
        for pooled in (False, True):
            for rank in (Rank.EXPLAINING, Rank.LAW, Rank.OTHER):
                failures = 0
                for note in self._entries.groups[rank]:
                    failures += not choice.take(note, pooled=pooled)
                    if failures == PATIENCE:
                        break
        return choice

    def _need(self, rank: Rank, most: int) -> int:
        """The tokens that a group could use by itself; at most `most`."""
        need = self._entries.heading(rank) if self._entries.groups[rank] else 0
        for note in self._entries.groups[rank]:
            need += self._entries.tokens(note)
            if need >= most:
                return most
        return need

    def _parts(self) -> Iterator[Part]:
        """Headings and the chosen entries, each after those that it calls."""
        placed: dict[str, Note] = {}
        heading = None
        for rank in Rank:
            for note in self._entries.groups[rank]:
                if note.id not in self._choice.chosen or note.id in placed:
                    continue
                if rank is not heading:
                    heading = rank
                    yield Part(HEADINGS[rank])
                for each in self._entries.needed(note, placed):
                    placed[each.id] = each
                    yield self._entries.part(each)


class _Entries:
    """The notes of a store by groups and by the statements that they hold, with their texts."""

    def __init__(self, notes: Notes, count: Counter) -> None:
        self.number = len(notes)
        self.count = count
        self.groups: dict[Rank, list[Note]] = {rank: [] for rank in Rank}
        """The newest first."""
        for note in reversed(list(notes.values())):
            self.groups[Rank.of(note)].append(note)
        self._holders = Holders(notes.values())
        self._headings: dict[Rank, int] = {}
        self._lost = self._without(notes)
        """Id of an entry that nobody can call -> the names of what no note holds, and that it rests on."""

    def part(self, note: Note) -> Part:
        """An entry in full."""
        lost = self._lost.get(note.id, ())
        text = _TEXTS.of(note, lambda: _text(note, lost), lost)
        return Part(text, note, (_mention(note),), fenced=bool(note.statements))

    def _without(self, notes: Notes) -> dict[str, tuple[str, ...]]:
        """Id of an entry -> the names of definitions that no note holds, and that it calls itself or through others."""
        callers: dict[str, list[Note]] = {}
        lost: dict[str, set[str]] = {}
        for note in notes.values():
            for name, key in note.rests_on.items():
                if key in note.statements:
                    continue
                if key in self._holders.by_key:
                    callers.setdefault(self._holders.by_key[key].id, []).append(note)
                else:
                    lost.setdefault(note.id, set()).add(name)
        waiting = list(lost)
        while waiting:
            id = waiting.pop()
            for caller in callers.get(id, ()):
                known = lost.setdefault(caller.id, set())
                if not lost[id] <= known:
                    known |= lost[id]
                    waiting.append(caller.id)
        return {id: tuple(sorted(names)) for id, names in lost.items()}

    def ordered(self, ranks: Iterable[Rank]) -> Iterator[Note]:
        """All notes, group by group."""
        return (note for rank in ranks for note in self.groups[rank])

    def tokens(self, note: Note) -> int:
        """The tokens of an entry in full."""
        return _TOKENS.of(note, lambda: self.part(note).tokens(self.count), self.count, self._lost.get(note.id, ()))

    def total(self, most: int) -> int:
        """The tokens of a page with all notes; of a larger one than `most`, any number above."""
        total = sum(self.heading(rank) for rank, group in self.groups.items() if group)
        for note in self.ordered(Rank):
            if total > most:
                break
            total += self.tokens(note)
        return total

    def heading(self, rank: Rank) -> int:
        """The tokens of a group's heading, and of the fence that follows it."""
        if rank not in self._headings:
            fence = "" if rank is Rank.WORDS else FENCE.format("") + "\n"
            self._headings[rank] = self.count(f"{HEADINGS[rank]}\n\n{fence}")
        return self._headings[rank]

    def needed(self, note: Note, there: Collection[str]) -> Iterable[Note]:
        """`note`, which comes last, and before it the notes that hold the statements it rests on. Notes whose ids are
        in `there` are left out."""
        return self._holders.needed(note, there)


class _Choice:
    """Entries chosen for a page, each with the entries that it calls."""

    def __init__(self, entries: _Entries, chosen: Mapping[str, Note], laws: int, others: int, used: int = 0) -> None:
        """`laws` and `others`: the tokens for accepted claims and for other entries. `chosen`: what stands on the page
        already, and `used` its tokens."""
        self._entries = entries
        self._left = {True: laws, False: others}
        self._headed = set(map(Rank.of, chosen.values()))
        self.chosen = dict(chosen)
        self.used = used

    def take(self, note: Note, *, pooled: bool = False) -> bool:
        """Choose a note with the notes that it needs. Returns False, and chooses nothing, if they do not fit together.
        `pooled`: whether a kind of entry may use the tokens of the other."""
        if note.id in self.chosen:
            return True
        law = Rank.of(note) is Rank.LAW
        if self._entries.tokens(note) > (sum(self._left.values()) if pooled else self._left[law]):
            return False
        new = list(self._entries.needed(note, self.chosen))
        price = {True: 0, False: 0}
        for each in new:
            price[Rank.of(each) is Rank.LAW] += self._entries.tokens(each)
        # An entry may stand under the heading of one that needs it, so this can be more than the page has.
        headed = {Rank.of(each) for each in new} - self._headed
        for rank in headed:
            price[rank is Rank.LAW] += self._entries.heading(rank)
        total = sum(price.values())
        within = all(tokens <= self._left[kind] for kind, tokens in price.items())
        if not within and not (pooled and total <= sum(self._left.values())):
            return False
        for kind, tokens in price.items():
            self._left[kind] -= tokens
        self.used += total
        self._headed |= headed
        self.chosen |= {each.id: each for each in new}
        return True


def remark_of(text: str) -> str:
    """The part of an entry's stored text after its statement."""
    return text.rpartition("\n```")[2].strip()


def _text(note: Note, lost: Collection[str]) -> str:
    """An entry in full. `lost`: names of what no note holds, and without which it can't be called."""
    if not note.statements:
        return f"* {_head(note)} {' '.join(note.text.split())}"
    remark = "; ".join(line.strip() for line in remark_of(note.text).splitlines() if line.strip())
    without = f"(can't be called: no note holds {', '.join(lost)}) " if lost else ""
    return "\n".join([f"# {_head(note)} {without}{remark}".rstrip(), *_statement(note)])


def _statement(note: Note) -> Iterator[str]:
    """The lines of an entry's statement, without comments."""
    for fence in fences(note.text):
        for line in fence.body.split("\n"):
            if code := line.partition("#")[0].rstrip():
                yield code


def _head(note: Note) -> str:
    told = [status] if (status := _status(note)) else []
    if note.explains:
        told.append("explains " + ", ".join(map(str, note.explains)))
    return f"[{note.id} {'; '.join(told)}]" if told else f"[{note.id}]"


def _status(note: Note) -> str:
    """The status to tell of an entry. That a definition is one can be seen."""
    return "" if note.sure == Status.DEFINED else note.sure


def _mention(note: Note) -> Mention:
    """The same as `_head`, as data."""
    return Mention(note.id, status=_status(note), explains=note.explains)


def _index(rest: list[Note], room: int, count: Counter) -> tuple[list[Note], str]:
    """The notes of `rest` that an index of at most `room` tokens names, and the text of the index. Both are empty if
    not even one note fits."""
    lines: list[str] = []
    listed: list[Note] = []
    left = room - count(f"{INDEX}\n{MORE.format(len(rest))}\n\n")
    for note in rest:
        words = _statement(note) if note.statements else note.text.split()
        line = f"{_head(note)} {excerpt(' '.join(words), HEAD)}"
        left -= count(line + "\n")
        if left < 0:
            break
        lines.append(line)
        listed.append(note)
    if not listed:
        return [], ""
    if len(listed) < len(rest):
        lines.append(MORE.format(len(rest) - len(listed)))
    return listed, "\n".join([INDEX, *lines])
