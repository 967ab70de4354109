"""Write trial directories by hand, as the engine would write them, for tests of the code that reads them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from relay.records.budget import Spent
from relay.records.events import AnyEvent, Credited, GenerationEnded, GenerationStarted, TrialEnded, TrialStarted
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


def toy(columns: Sequence[int] = (3, 3, 2, 1), label: str = "c") -> Task:
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
        brief="Explain the tables.",
        given=Given(sorts=(Sort(name="Element", size=3),)),
        statement_size=12,
        concepts=tuple(concepts),
    )


def measures(recall: float, established: float) -> dict[str, float]:
    return {
        "depth_weighted_recall": recall,
        "depth_50": 1.0,
        "established_depth_weighted_recall": established,
        "established_depth_50": 1.0,
    }


def log(task: Task, generations: int, per_generation: int = 2, forget: int = 1) -> list[AnyEvent]:
    """Return the events of a trial: each generation establishes `per_generation` concepts, and from the third on the
    first `forget` concepts are no longer retained."""
    ids = [concept.id for concept in task.concepts]
    written: list[AnyEvent] = [TrialStarted(condition="0" * 64, task="1" * 64)]
    recalls: list[float] = []
    for generation in range(1, generations + 1):
        known = ids[: generation * per_generation]
        retained = known[forget:] if generation >= 3 else known
        recalls.append(len(retained) / len(ids))
        written.append(GenerationStarted(generation=generation))
        for new in known[(generation - 1) * per_generation :]:
            written.append(
                Credited(generation=generation, tenure=1, turn=1, key="k", concept=new, leap=False, first=True)
            )
        written.append(
            GenerationEnded(
                generation=generation,
                established=tuple(sorted(known)),
                established_without_leaps=tuple(sorted(known[:-1])),
                retained=tuple(sorted(retained)),
                laws=(),
                explained=tuple(range(1, len(known) + 1)),
                measures=measures(recalls[-1], len(known) / len(ids)),
                spent=Spent(turns=3, tokens_in=100, tokens_out=50, evaluations=500),
            )
        )
    written.append(TrialEnded(generation=generations, reason="completed", auc=sum(recalls) / len(recalls)))
    return [event.model_copy(update={"seq": seq}) for seq, event in enumerate(written)]


def write(directory: Path, task: Task, written: Sequence[AnyEvent], generations: int = 6, seed: int = 7) -> Path:
    """Write the three files of a trial to `directory`."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "condition.yaml").write_text(CONDITION.format(generations=generations, seed=seed), encoding="utf-8")
    (directory / "task.json").write_text(task.model_dump_json(), encoding="utf-8")
    lines = "".join(event.model_dump_json() + "\n" for event in written)
    (directory / "events.jsonl").write_text(lines, encoding="utf-8")
    return directory
