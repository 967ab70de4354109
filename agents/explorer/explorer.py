"""The embedded researcher: a typed bottom-up search, without a model.

A tenure is short. In the first turn the explorer reads the inheritance, searches on the bench, and states the best
finds. In the second turn it writes the statements that were not refused into the notes, with what the replies reported,
and ends; if they do not all fit, it writes the rest in the turns that follow. It builds on the given operations and on
definitions that it *read*, never on its own finds of the same tenure: a discovery must be passed on before others build
on it. If it was shown no definition, and notes are listed that it can open, it opens them first, in a turn of its own.
An answer is a function of the view, the turn's generator and the bench.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from agents.explorer.answers import Action, acting, actions_of, sources_of, stating
from agents.explorer.arrays import ArraysPayload, explore
from agents.explorer.curation import CuratePayload, curate, room_for_entries
from agents.explorer.find import Find
from agents.explorer.library import read_claims, read_found, read_library
from agents.explorer.note_actions import note_actions, only_opens, open_actions, strike_actions
from agents.explorer.replies import StatementReply, tell
from agents.explorer.structure import StructurePayload, explain
from relay.researcher.agent import Agent
from relay.researcher.observation import Answer, TenureView
from relay.researcher.turn import TurnContext

ANSWERED = 2.0
"""In the next prompt, an answer with statements and the replies to it take this many times the tokens of the answer. So
much is kept free that every statement is replied to. What the engine reserves for the turns that must follow is enough
for the notes."""

LIFE = 3
"""Turns to open notes, to search and state, and to write."""

AGAIN = 5_000
"""Without notes to write, the explorer searches and states in every turn, as long as this many evaluations are left."""


class Explorer(Agent):
    """A researcher without a model: it enumerates terms, compares their values, and states the most promising."""

    reads_words: ClassVar[bool] = False

    study_cost: int = Field(default=0, ge=0)
    """Evaluations to internalise each definition that was read, before the explorer can build on it."""

    async def answer(self, view: TenureView, turn: TurnContext) -> Answer:
        """Search and state in the first turn, then write notes and end. If there is only one turn, do both in it. If
        notes have to be opened, that is a turn before these.

        Without notes to write, go on searching as long as it is worth it.
        """
        last = view.last or view.remaining.turns <= 1
        writes = bool(note_actions(view.observation, [("", "")]))
        opening = [] if view.turns or last or view.remaining.turns < LIFE else open_actions(view.observation)
        if opening and not read_library(view):
            return Answer(text=acting(opening, turn.max_tokens))
        if all(only_opens(view.observation, actions_of(earlier.answer)) for earlier in view.turns):
            finds = await self._search(view, turn)
            if last and writes:
                noted = note_actions(view.observation, [(find.source, find.remark) for find in finds])
                stated: list[Action] = [{"action": "state", "source": find.source} for find in finds]
                return Answer(text=acting([*stated, *noted], turn.max_tokens))
            # Replies matter only to those who write notes.
            room = int(turn.max_tokens / ANSWERED) if writes else turn.max_tokens
            return Answer(text=stating([find.source for find in finds], room))
        if not writes:
            again = view.observation.given.scalars and view.remaining.evaluations >= AGAIN
            finds = await self._search(view, turn) if again else ()
            known = {source for earlier in view.turns for source in sources_of(earlier.answer)}
            if new := [find.source for find in finds if find.source not in known]:
                return Answer(text=stating(new, turn.max_tokens))
            return Answer(text=acting([{"action": "end"}], turn.max_tokens))
        told = tell(view)
        if view.observation.given.scalars:
            actions = await self._curated(view, turn, told)
        else:
            actions = note_actions(view.observation, [(each.source, each.remark) for each in told])
        done = [action for earlier in view.turns for action in actions_of(earlier.answer)]
        left = [action for action in actions if action not in done]
        ending = acting([*left, {"action": "end"}], turn.max_tokens)
        more = acting(left, turn.max_tokens)
        go_on = not last and actions_of(more) and len(actions_of(ending)) <= len(left)
        return Answer(text=more if go_on else ending)

    async def _curated(self, view: TenureView, turn: TurnContext, told: list[StatementReply]) -> list[Action]:
        """Return the actions that write the new entries that are worth their room, and strike out the old ones that are
        not."""
        read = read_library(view)
        found = read_found(view, [each.source for each in told], read)
        replies = {each.source: each for each in told}
        entries = view.observation.inheritance.entries
        explaining = [name for entry in entries if entry.explains for name in entry.names]
        explaining += [name for name, definition in found if replies[definition.source].explained]
        payload = CuratePayload(
            library=(*read, *found),
            laws=read_claims(view, [each.source for each in told if each.accepted], (*read, *found)),
            explained=dict.fromkeys(explaining, 1),
            room=room_for_entries(view.observation.notes_room),
        )
        kept = await turn.bench.run(curate, payload)
        sources = {name: definition.source for name, definition in found}
        new = [(sources[name], replies[sources[name]].remark) for name in kept if name in sources]
        readable = dict(read).keys()
        # An entry with several definitions is worth its room as long as one of them is kept.
        struck = [e.id for e in entries if not readable.isdisjoint(e.names) and set(e.names).isdisjoint(kept)]
        return [*note_actions(view.observation, new), *strike_actions(view.observation, struck)]

    async def _search(self, view: TenureView, turn: TurnContext) -> tuple[Find, ...]:
        library = read_library(view)
        # Searches run on the bench, perhaps in another process, so they get a seed instead of the generator.
        seed = int(turn.rng.integers(2**63))
        finds: list[Find] = []
        if view.observation.given.sorts:
            # a predicate may range over a sort, and is then paid for as so many terms
            most = 1 + max(sort.size for sort in view.observation.given.sorts)
            stated = sum(most if one.result == "Bool" else 1 for one in view.observation.phenomena)
            payload = StructurePayload(
                library=library,
                phenomena=view.observation.phenomena,
                statement_size=view.observation.statement_size,
                reserve=min(stated, view.remaining.evaluations // 2),
                study_cost=self.study_cost,
                seed=seed,
            )
            read = dict(library)
            finds += [explanation.find(read) for explanation in await turn.bench.run(explain, payload)]
        if view.observation.given.scalars:
            arrays = ArraysPayload(
                given=view.observation.given,
                library=library,
                statement_size=view.observation.statement_size,
                study_cost=self.study_cost,
                seed=seed,
                phenomena=view.observation.phenomena,
            )
            finds += await turn.bench.run(explore, arrays)
        return tuple(finds)
