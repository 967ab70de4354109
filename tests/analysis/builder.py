"""Write trial directories by hand, as the engine would write them, for tests of the code that reads them.

Events are written loosely: `write` adds what every log has (places in the log, the beginning of each tenure, digests)
and computes the measures, so that the trial is whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from relay.records.budget import Spent
from relay.records.chain import tenure_chain
from relay.records.condition import Condition, digest
from relay.records.events import (
    Answered,
    AnyEvent,
    Credited,
    Explained,
    GenerationEnded,
    GenerationStarted,
    NotesShown,
    Searched,
    TenureEnded,
    TenureStarted,
    TrialEnded,
    TrialStarted,
)
from relay.records.head import Head, sha256
from relay.records.log import encode
from relay.records.scores import TrialScores
from relay.records.task import Concept, Form, Given, Sort, Task

CONDITION = """\
task: {{name: toy, parameters: {{}}}}
agent: {{name: scripted, parameters: {{}}}}
notes: {{name: ledger, parameters: {{cap: 2000}}}}
memory: {{name: fresh}}
truth: {{name: shown}}
generations: {generations}
width: 1
seed: {seed}
"""


def toy(columns: Sequence[int] = (3, 3, 2, 1), label: str = "c", brief: str = "Explain the tables.") -> Task:
    """Build a layered task with `columns` concepts a layer; each needs one or two concepts of the layer before."""
    concepts: list[Concept] = []
    before: list[str] = []
    for depth, count in enumerate(columns, start=1):
        layer = [f"{label}{depth}_{i}" for i in range(1, count + 1)]
        for i, name in enumerate(layer):
            needs = sorted({before[i % len(before)], before[(i + 1) % len(before)]}) if before else []
            form = Form(source=f"define {name}(x: Element) -> Element = x")
            concepts.append(Concept(id=name, forms=(form,), prerequisites=tuple(needs)))
        before = layer
    return Task(
        name="toy",
        parameters={},
        brief=brief,
        given=Given(sorts=(Sort(name="Element", size=3),)),
        statement_size=12,
        concepts=tuple(concepts),
    )


def credited(concept: str, leap: bool = False, **place: int) -> Credited:
    """Return the event that credits a concept, as a form with a key of its own."""
    return Credited(
        key=f"k-{concept}", concept=concept, leap=leap, first=False, **{"generation": 1, "tenure": 1, **place}
    )


def ended(generation: int, retained: Sequence[str] = ()) -> GenerationEnded:
    """Return the end of a generation after which these concepts are retained; `write` computes the rest."""
    return GenerationEnded(
        generation=generation, established=(), established_without_leaps=(), retained=(), laws=(), explained=(),
        readable=tuple(sorted(f"k-{concept}" for concept in retained)), measures={}, spent=Spent(),
    )  # fmt: skip


def log(task: Task, generations: int, per_generation: int = 2, forget: int = 1) -> list[AnyEvent]:
    """Return the events of a trial: each generation establishes `per_generation` concepts, and from the third on the
    first `forget` concepts are no longer retained. The last concept of each generation is credited by a leap."""
    ids = [concept.id for concept in task.concepts]
    written: list[AnyEvent] = [GenerationStarted(generation=1)] if not generations else []
    for generation in range(1, generations + 1):
        known = ids[: generation * per_generation]
        new = known[(generation - 1) * per_generation :]
        place = {"generation": generation, "tenure": 1}
        written.append(GenerationStarted(generation=generation))
        for turn in (1, 2, 3):
            written.append(Searched(**place, turn=turn, count=500 * (turn == 1), digest=""))
            tokens = {"tokens_in": 100 * (turn == 1), "tokens_out": 50 * (turn == 1)}
            written.append(Answered(**place, turn=turn, text="", **tokens))
        written += [credited(concept, generation=generation, leap=concept == known[-1]) for concept in new]
        written += [Explained(**place, key="k", phenomenon=number) for number in range(1, len(known) + 1)]
        written.append(TenureEnded(**place, reason="turns", spent=Spent()))
        written.append(ended(generation, known[forget:] if generation >= 3 else known))
    return [*written, TrialEnded(reason="completed", auc=0.0)] if generations else []


def complete(task: Task, condition: Condition, written: Sequence[AnyEvent]) -> list[AnyEvent]:
    """Return the events with everything that a whole log has beside them."""
    scores = TrialScores(task.concepts)
    whole: list[AnyEvent] = []

    def add(event: AnyEvent) -> None:
        if isinstance(event, GenerationEnded):
            event = scores.end_of_generation(event)
        elif isinstance(event, TrialEnded):
            event = event.model_copy(update={"auc": scores.auc})
        whole.append(event.model_copy(update={"seq": len(whole)}))
        scores.apply(whole[-1])

    add(TrialStarted(condition=digest(condition), task=digest(task)))
    over: set[int] = set()
    for event in written:
        if isinstance(event, TenureEnded):
            over.add(event.tenure)
        elif isinstance(event, GenerationEnded):
            for tenure in sorted({*range(1, condition.width + 1)} - over):
                add(TenureEnded(generation=event.generation, tenure=tenure, reason="ended", spent=Spent()))
            over = set()
        add(event)
        if isinstance(event, GenerationStarted):
            for tenure in range(1, condition.width + 1):
                place = {"generation": event.generation, "tenure": tenure}
                add(TenureStarted(**place))
                add(NotesShown(**place))
    return whole


def write(
    directory: Path,
    task: Task,
    written: Sequence[AnyEvent],
    generations: int | None = None,
    seed: int = 7,
    condition: str = CONDITION,
) -> Path:
    """Write the files of a trial to `directory`. Without events the trial has not begun. It has as many generations as
    its events, or more if `generations` says so."""
    directory.mkdir(parents=True, exist_ok=True)
    ended = sum(isinstance(event, GenerationEnded) for event in written)
    text = condition.format(generations=generations or ended or 6, seed=seed)
    data = task.model_dump_json() + "\n"
    events = complete(task, Condition.from_yaml(text, "the condition"), written) if written else []
    lines, _ = encode(events, "")
    ends = [
        place
        for place, event in enumerate(events)
        if event.type in ("trial_started", "generation_ended", "trial_ended")
    ]
    _, chain = encode(events[: ends[-1] + 1] if ends else [], "")
    head = Head(condition=sha256(text.encode()), task=sha256(data.encode()), blocks=len(ends), chain=chain)
    (directory / "condition.yaml").write_text(text, encoding="utf-8")
    (directory / "task.json").write_text(data, encoding="utf-8")
    (directory / "events.jsonl").write_bytes(lines)
    head.write(directory / "head.json")
    return directory


def write_open(directory: Path, generation: int, tenure: int, events: Sequence[AnyEvent]) -> None:
    """Write the file of an open tenure of a trial that `write` wrote."""
    place = {"generation": generation, "tenure": tenure}
    placed = [event.model_copy(update={**place, "seq": seq}) for seq, event in enumerate(events)]
    head = Head.read(directory / "head.json")
    lines, _ = encode(placed, tenure_chain(head.chain, generation, tenure))
    path = directory / "open" / f"g{generation}-t{tenure}.jsonl"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(lines)
