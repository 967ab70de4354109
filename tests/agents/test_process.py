"""Another program in the chair: what it is told, what it may answer, how it fails, and that it always ends."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import agents.process.program
from agents.llm import LanguageModel
from agents.process import Process
from agents.process.protocol import NoReply, read_reply
from agents.selection import choose_agent
from relay.errors import ModelFault, UsageError
from relay.records.budget import Budget
from relay.records.condition import Condition
from relay.records.reader import read_condition
from relay.researcher.observation import Answer
from relay.trial.trial import resumed_condition
from tests.agents.explorer.test_from_text import task, view_of
from tests.commands.conftest import Invoke, relay  # noqa: F401 (a fixture)
from tests.trial.helpers import condition, of_type, own_events, reopen, run

ROOT = Path(__file__).resolve().parents[2]
SQUARE = "define square(x: Element) -> Element = op(x, x)"
HEAD = f"""
import json, os, signal, subprocess, sys, time

SQUARE = {json.dumps(SQUARE)}
STATE = {{"action": "state", "source": SQUARE}}
END = {{"action": "end"}}
LOG = sys.argv[1]


def note(*words):
    with open(LOG, "a") as file:
        print(*words, file=file)


def requests():
    for line in sys.stdin:
        note(line.strip())
        yield json.loads(line)


def reply(**told):
    print(json.dumps(told), flush=True)

"""
ONCE = """
first = not os.path.exists(LOG)
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """The file in which a program writes what it does."""
    return tmp_path / "log"


@pytest.fixture(autouse=True)
def _no_orphans(tmp_path: Path) -> Iterator[None]:
    """No process that a test started is there after it."""
    yield
    assert not _running(str(tmp_path))


def _running(word: str) -> list[str]:
    """The command lines with a word in them, of all processes but this one."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:  # it has just ended
            continue
        if word in words and entry.parent.name != str(os.getpid()):
            found.append(words)
    return found


def in_chair(log: Path, body: str, **options: Any) -> Condition:
    """A condition whose researcher is a program with this body."""
    path = log.with_name("program.py")
    path.write_text(HEAD + body, encoding="utf-8")
    parameters = {"command": [sys.executable, "-I", "-S", str(path), str(log)], **options.pop("parameters", {})}
    budget = {"turns": 3, "tokens": 90_000, "context": 20_000, "evaluations": 60, **options.pop("budget", {})}
    chosen = {"generations": 1, "budget": Budget(**budget), **options}
    return condition(agent={"name": "process", "parameters": parameters}, **chosen)


def asked(log: Path) -> list[dict[str, Any]]:
    """The requests in the order in which programs wrote them into the log."""
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]


# --- what it is told, and what it answers ----------------------------------------------------------------------------

ANSWERS = """
for request in requests():
    if request["turn"] == 1:
        reply(text=json.dumps({"actions": [STATE]}), reasoning="hm", tokens_in=5000, tokens_out=70, tokens_cached=9)
    elif request["turn"] == 2:
        reply(turn=2, actions=[{"action": "evaluate", "term": "1 == 1"}])
    else:
        reply(turn=1, text="late")
        reply(turn=3, text=json.dumps({"actions": [END]}), finish_reason="whatever")
"""


def test_it_is_asked_turn_by_turn_and_its_answers_are_carried_out(tmp_path: Path, log: Path) -> None:
    chosen = in_chair(log, ANSWERS)
    run(tmp_path / "trial", chosen)
    first, second, third = of_type(tmp_path / "trial", "answered")
    assert (first.text, first.reasoning) == (json.dumps({"actions": [{"action": "state", "source": SQUARE}]}), "hm")
    assert (first.tokens_in, first.tokens_out, first.tokens_cached) == (5000, 70, 9)
    assert json.loads(second.text) == {"actions": [{"action": "evaluate", "term": "1 == 1"}]}
    assert json.loads(third.text) == {"actions": [{"action": "end"}]} and third.finish_reason == "stop"
    assert [event.status for event in of_type(tmp_path / "trial", "judged")] == ["defined"]
    assert not of_type(tmp_path / "trial", "fault")


def test_a_request_holds_the_prompt_of_a_model_and_nothing_that_it_does_not_tell(tmp_path: Path, log: Path) -> None:
    run(tmp_path / "trial", in_chair(log, ANSWERS, seed=987_654))
    requests = asked(log)
    assert [request["turn"] for request in requests] == [1, 2, 3]
    for request in requests:
        assert list(request) == [
            "type", "protocol", "turn", "messages", "new", "max_tokens", "last", "turns_left", "schema",
        ]  # fmt: skip
        assert "987654" not in json.dumps(request) and str(tmp_path) not in json.dumps(request)
    assert [request["last"] for request in requests] == [False, False, True]
    assert [request["turns_left"] for request in requests] == [3, 2, 1]
    before, after = requests[0]["messages"], requests[1]["messages"]
    assert [message["role"] for message in after] == ["system", "user", "assistant", "user"]
    # the new messages are its own answer and what came of it; the budget at the end of a prompt is in no later one
    assert [request["new"] for request in requests] == [0, 2, 4]
    assert after[0] == before[0] and before[1]["content"].startswith(after[1]["content"])
    assert after[2]["content"] == json.dumps({"actions": [{"action": "state", "source": SQUARE}]})


def test_its_prompt_is_that_of_a_language_model() -> None:
    view = view_of(task("alien"))
    model = LanguageModel(model="mock/script")  # type: ignore[arg-type]
    assert Process(command="true").messages(view) == model.messages(view)  # type: ignore[arg-type]


COUNTS = """
count = 0
for request in requests():
    count += 1
    note("turn", count, os.getpid())
    reply(actions=[{"action": "evaluate", "term": "1 == 1"}] if count < 2 else [END])
"""


def test_it_is_started_anew_for_every_tenure(tmp_path: Path, log: Path) -> None:
    run(tmp_path / "trial", in_chair(log, COUNTS, generations=3))
    lines = [line.split() for line in log.read_text().splitlines() if line.startswith("turn")]
    assert [line[1] for line in lines] == ["1", "2"] * 3
    assert len({line[2] for line in lines}) == 3


def test_tenures_side_by_side_have_a_program_each(tmp_path: Path, log: Path) -> None:
    """Each waits until both have been asked, so one program for two would never answer."""
    waits = """
for request in requests():
    while open(LOG).read().count('"turn": 1,') < 2:
        time.sleep(0.01)
    reply(actions=[END])
"""
    run(tmp_path / "trial", in_chair(log, waits, width=2, parameters={"timeout": 20}))
    assert len(of_type(tmp_path / "trial", "answered")) == 2 and not of_type(tmp_path / "trial", "fault")


def test_it_reads_and_writes_the_words_of_a_disguise(tmp_path: Path, log: Path) -> None:
    reads = """
for request in requests():
    note("read", "Element" in request["messages"][0]["content"])
    reply(actions=[STATE, END])
"""
    run(tmp_path / "trial", in_chair(log, reads, parameters={"disguise": 1}))
    assert "read False" in log.read_text()
    (answered,) = of_type(tmp_path / "trial", "answered")
    assert SQUARE not in answered.text  # in true words, `Element` was the disguise's word for something else


# --- faults ----------------------------------------------------------------------------------------------------------


def test_a_fault_that_it_reports_costs_the_turn_and_it_goes_on(tmp_path: Path, log: Path) -> None:
    refuses = COUNTS.replace("reply(", 'reply(fault="the model refused") if count == 1 else reply(')
    run(tmp_path / "trial", in_chair(log, refuses))
    faults = of_type(tmp_path / "trial", "fault")
    assert [(fault.side, fault.message) for fault in faults] == [("model", "the model refused")]
    assert [line.split()[1] for line in log.read_text().splitlines() if line.startswith("turn")] == ["1", "2"]
    assert [request["new"] for request in asked(log)] == [0, 2]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("print('Loading weights ...', flush=True)", "no JSON object: `Loading weights ...`"),
        ("print('x' * (9 << 20), flush=True)", "a line of more than 8,388,608 bytes"),
        ("reply(turn=7, text='')", "a reply to another turn than 1"),
    ],
)
def test_a_line_that_is_no_reply_costs_the_turn_and_the_program(
    tmp_path: Path, log: Path, line: str, told: str
) -> None:
    """What else that program writes could belong to any turn, so the next turn has another program."""
    body = f"{ONCE}\nfor request in requests():\n    if first:\n        {line}\n    reply(actions=[END])\n"
    run(tmp_path / "trial", in_chair(log, body))
    (fault,) = of_type(tmp_path / "trial", "fault")
    assert fault.side == "model" and told in fault.message
    assert [(request["turn"], request["new"]) for request in asked(log)] == [(1, 0), (2, 0)]


def test_one_that_dies_is_started_again_at_no_cost(tmp_path: Path, log: Path) -> None:
    """The second program is told the whole conversation, and the turn is the same one."""
    dies = """
for number, request in enumerate(requests(), 1):
    if request["turn"] == 2 and number == 2:
        sys.stderr.write("out of ideas\\n")
        sys.exit(3)
    reply(actions=[STATE] if request["turn"] == 1 else [END])
"""
    run(tmp_path / "trial", in_chair(log, dies))
    (fault,) = of_type(tmp_path / "trial", "fault")
    assert (fault.side, fault.kind, fault.turn) == ("machine", "exit", 2)
    assert fault.message == "the program exited with status 3 before it replied; its last words: out of ideas"
    assert [(request["turn"], request["new"]) for request in asked(log)] == [(1, 0), (2, 2), (2, 0)]
    assert of_type(tmp_path / "trial", "tenure_ended")[0].spent.turns == 2


def test_one_that_dies_again_and_again_interrupts_the_trial(tmp_path: Path, log: Path) -> None:
    state = run(tmp_path / "trial", in_chair(log, "os.kill(os.getpid(), signal.SIGSEGV)\n"))
    assert state.ended == "interrupted"
    told = of_type(tmp_path / "trial", "trial_ended")
    assert told[0].reason == "interrupted"
    lines = (tmp_path / "trial/open/g1-t1.jsonl").read_text()
    assert lines.count("was ended by signal 11 before it replied; it wrote nothing to standard error") == 3


def test_a_silent_one_is_a_fault_of_the_machine(tmp_path: Path, log: Path) -> None:
    silent = f"{ONCE}\nfor request in requests():\n    time.sleep(5 if first else 0)\n    reply(actions=[END])\n"
    run(tmp_path / "trial", in_chair(log, silent, parameters={"timeout": 0.5}))
    (fault,) = of_type(tmp_path / "trial", "fault")
    assert (fault.side, fault.kind) == ("machine", "timeout")
    assert fault.message == "the program gave no answer in 0.5 seconds"


def test_the_clock_ends_its_tenure(tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agents.process.program, "GRACE", 0.1)
    slow = "for request in requests():\n    time.sleep(60)\n"
    run(tmp_path / "trial", in_chair(log, slow, budget={"seconds": 0.5}))
    (ended,) = of_type(tmp_path / "trial", "tenure_ended")
    assert (ended.reason, ended.spent.seconds) == ("seconds", 0.5)


def test_a_program_may_answer_once_and_leave(tmp_path: Path, log: Path) -> None:
    """As short scripts do. It is no fault, however long its end takes."""
    once = """
request = next(requests())
sys.stdout.write(json.dumps({"actions": [STATE] if request["turn"] == 1 else [END] if request["turn"] == 3 else []}))
sys.stdout.write("\\n" * (request["turn"] < 3))
sys.stdout.flush()
time.sleep(0.2 * (request["turn"] == 2))
"""
    run(tmp_path / "trial", in_chair(log, once))
    assert not of_type(tmp_path / "trial", "fault") and len(of_type(tmp_path / "trial", "answered")) == 3
    assert {request["new"] for request in asked(log)} == {0} or len(asked(log)) > 3


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"command": "no-such-program --now"}, "`no-such-program`, which is not there or can't be executed"),
        ({"command": [__file__]}, f"`{__file__}`, which is not there or can't be executed"),
        ({"command": "python3 {file}"}, "has no file, and its command is `python3 '{file}'`"),
        ({"command": "cat", "file": __file__}, "where the file belongs in the command, write {file}"),
        ({"command": ""}, "command"),
        ({"command": "python3 'x"}, "no closing quotation"),
    ],
)
def test_what_can_not_run_is_refused_before_anything_begins(
    tmp_path: Path, parameters: dict[str, Any], told: str
) -> None:
    with pytest.raises(UsageError) as error:
        run(tmp_path / "trial", condition(agent={"name": "process", "parameters": parameters}))
    assert told in str(error.value) and "\n" not in str(error.value)
    assert not (tmp_path / "trial").exists()


@pytest.mark.parametrize("line", ['{"text": 1}', "[]", "", "{", '{"turn": "1", "text": ""}', "\xff", "[" * 100_000])
def test_no_line_breaks_the_reader(line: str) -> None:
    with pytest.raises(NoReply):
        read_reply(line.encode("latin-1"), 1)


def test_replies_of_every_form() -> None:
    assert read_reply(b'{"text": "a", "reasoning": 3, "tokens_out": -1, "finish_reason": "length"}', 1) == Answer(
        text="a", finish_reason="length"
    )
    assert read_reply('{"actions": "ä"}'.encode(), 1) == Answer(text='{"actions": "ä"}')
    assert read_reply(b'{"turn": 1, "text": "a"}', 2) is None
    with pytest.raises(ModelFault, match="no answer"):
        read_reply(b'{"fault": "", "text": "a"}', 1)


# --- its end ---------------------------------------------------------------------------------------------------------


def test_one_that_will_not_leave_is_ended_with_all_that_it_started(
    tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agents.process.program, "GRACE", 0.1)
    monkeypatch.setattr(agents.process.program, "FORCED", 0.1)
    stays = """
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", LOG])
for request in requests():
    reply(actions=[END])
time.sleep(60)
"""
    began = time.monotonic()
    run(tmp_path / "trial", in_chair(log, stays))
    assert not _running(str(log)) and time.monotonic() - began < 30


def test_one_that_leaves_by_itself_has_the_time_to(tmp_path: Path, log: Path) -> None:
    tidies = "for request in requests():\n    reply(actions=[END])\ntime.sleep(0.3)\nnote('tidied')\n"
    run(tmp_path / "trial", in_chair(log, tidies))
    assert "tidied" in log.read_text()


def test_a_tenure_that_is_gone_on_with_has_another_program(tmp_path: Path, log: Path) -> None:
    chosen = in_chair(log, COUNTS)
    run(tmp_path / "trial", chosen)
    wanted = (tmp_path / "trial/events.jsonl").read_bytes()
    own = own_events(tmp_path / "trial", 1, 1)
    (place, *_) = [place for place, event in enumerate(own) if event.type == "answered"]
    reopen(tmp_path / "trial", 1, {1: own[: place + 1]})
    log.write_text("")
    # its memory is gone: it counts from 1 again, so it needs the conversation that it is sent
    run(tmp_path / "trial", in_chair(log, COUNTS.replace("count < 2", 'request["turn"] < 2')))
    assert (tmp_path / "trial/events.jsonl").read_bytes() == wanted
    assert [(request["turn"], request["new"]) for request in asked(log)] == [(2, 0)]


HANGS = """
for request in requests():
    while request["turn"] == 2 and not os.path.exists(LOG + ".go"):
        time.sleep(0.02)
    reply(actions=[{"action": "evaluate", "term": "1 == 1"}] if request["turn"] < 3 else [END])
"""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_relay_is_killed_and_goes_on_with_the_same_bytes(tmp_path: Path, log: Path, number: int) -> None:
    """Through the command line. The program ends with relay, by the end of its input if by nothing else."""
    path = log.with_name("program.py")
    path.write_text(HEAD + HANGS, encoding="utf-8")
    words = f"{sys.executable} -I -S {{file}} {log}"
    agent = f'process(command="{words}", file="{path}")'
    command = [sys.executable, "-m", "relay", "run", "alien(q=3, layers=2, width=1)", "--agent", agent, "-g", "1"]
    command += ["--workers", "0", "--no-cache", "--quiet"]
    go = log.with_name("log.go")
    go.touch()
    subprocess.run([*command, "--out", tmp_path / "whole"], cwd=ROOT, check=True, capture_output=True)
    go.unlink()
    log.unlink()
    running = subprocess.Popen([*command, "--out", tmp_path / "cut"], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    _until(lambda: log.exists() and '"turn": 2,' in log.read_text())
    running.send_signal(number)
    _, told = running.communicate(timeout=30)
    if number == signal.SIGINT:
        assert running.returncode == 130 and "--trust" in told
        assert not _running(f"program.py {log}")
    go.touch()
    resume = [sys.executable, "-m", "relay", "resume", tmp_path / "cut", "--workers", "0", "--no-cache", "--quiet"]
    refused = subprocess.run(resume, cwd=tmp_path, capture_output=True, text=True, env=_environment())
    assert refused.returncode == 2 and "{file}" in refused.stderr and refused.stderr.count("\n") == 1
    # from another directory, and without the program's file: the trial has a copy
    path.unlink()
    subprocess.run([*resume, "--trust"], cwd=tmp_path, check=True, capture_output=True, env=_environment())
    for name in ("events.jsonl", "condition.yaml"):
        assert (tmp_path / "cut" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    _until(lambda: not _running(str(log)))


def _environment() -> dict[str, str]:
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": path}


def _until(done: Any, seconds: float = 30.0) -> None:
    latest = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < latest
        time.sleep(0.02)


def test_a_trial_with_a_command_is_resumed_only_if_it_is_trusted(tmp_path: Path, log: Path) -> None:
    run(tmp_path / "trial", in_chair(log, COUNTS))
    with pytest.raises(
        UsageError, match=r"code of its own: files/toy.py, the command `.*program.py .*log`; .* give --trust"
    ):
        resumed_condition(tmp_path / "trial")
    assert resumed_condition(tmp_path / "trial", trust=True).agent.name == "process"


# --- the command line and the examples -------------------------------------------------------------------------------


def test_from_the_command_line_with_quotes(relay: Invoke, tmp_path: Path, log: Path) -> None:  # noqa: F811
    says = """
note(json.dumps(sys.argv[2:]))
for request in requests():
    reply(actions=[END])
"""
    folder = tmp_path / "with space"
    folder.mkdir()
    (folder / "program.py").write_text(HEAD + says, encoding="utf-8")
    command = f"""{sys.executable} "{folder}/program.py" "{log}" -x "two words" a=b,c"""
    common = ("run", "alien(q=3, layers=2, width=1)", "-g", "1", "--workers", "0", "--no-cache", "--quiet")
    result = relay(*common, "--agent", f"process(command='{command}')", "--out", tmp_path / "trial")
    assert result.status == 0, result.err
    assert log.read_text().splitlines()[0] == json.dumps(["-x", "two words", "a=b,c"])
    missing = relay(*common, "--agent", "process", "--out", tmp_path / "other")
    assert missing.status == 2 and "command" in missing.err and missing.err.count("\n") == 1


def test_a_time_out_is_not_in_the_name_of_a_directory() -> None:
    assert choose_agent("process(command=cat, timeout=9)").words == "process(command=cat)"
    assert choose_agent("process( command='cat' )").words == "process( command='cat' )"


def test_a_probe_has_the_rules_of_probes(relay: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.chdir(ROOT)
    agent, trial = f"process(command='{sys.executable} {{file}}', file=examples/bridge.py)", tmp_path / "probe"
    result = relay("probe", "alien", "--agent", agent, "--draws", "1", "--workers", "0", "--quiet", "--out", trial)
    assert result.status == 0, result.err
    assert read_condition(trial).agent.parameters["rules"] == "probe"


def test_the_bridge_of_the_examples(relay: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.chdir(ROOT)
    agent = f"process(command='{sys.executable} examples/bridge.py')"
    trial = tmp_path / "trial"
    result = relay("run", "alien", "--agent", agent, "-g", "2", "--workers", "0", "--quiet", "--out", trial)
    assert result.status == 0, result.err
    assert not of_type(trial, "fault") and len(of_type(trial, "note_changed")) >= 2


def test_the_mailbox_of_the_examples(tmp_path: Path) -> None:
    """A reader who writes answers into the folder, with a mark in the first life and by renaming in the second."""
    mail = tmp_path / "mail"
    command = [sys.executable, str(ROOT / "examples/mailbox.py"), str(mail)]
    budget = Budget(turns=3, tokens=90_000, context=20_000, evaluations=60)
    agent = {"name": "process", "parameters": {"command": command, "timeout": 10}}
    chosen = condition(agent=agent, generations=2, budget=budget, notes="journal")

    def reader() -> None:
        for life in (mail / "life-1", mail / "life-2"):
            _until((life / "turn-1.prompt.md").exists)
            assert (life / "turn-1.new.md").read_text() == (life / "turn-1.prompt.md").read_text()
            write = {"action": "write", "text": f"from {life.name}"}
            (life / "draft").write_text(json.dumps({"actions": [write]}))
            (life / "turn-1.answer").write_text("{") if life.name == "life-1" else None
            (life / "draft").rename(life / "turn-1.answer")
            (life / "turn-1.done").touch() if life.name == "life-1" else None
            _until((life / "turn-2.prompt.md").exists)
            (life / "turn-2.answer").write_text('{"actions": [{"action": "end"}]}')
            (life / "turn-2.done").touch()

    reading = threading.Thread(target=reader)
    reading.start()
    run(tmp_path / "trial", chosen)
    reading.join()
    assert "from life-1" in (mail / "life-2/turn-1.prompt.md").read_text()
    assert "from life-1" not in (mail / "life-1/turn-1.prompt.md").read_text()
    assert json.loads((mail / "life-2/turn-2.json").read_text())["turn"] == 2
    assert (mail / "life-1/over").exists() and (mail / "life-2/over").exists()
    assert len(of_type(tmp_path / "trial", "answered")) == 4


def test_an_answer_in_the_mailbox_is_read_when_it_is_whole(tmp_path: Path) -> None:
    written = runpy.run_path(str(ROOT / "examples/mailbox.py"))["written"]
    answer, done = tmp_path / "turn-1.answer", tmp_path / "turn-1.done"
    done.touch()
    assert not written(answer, done)
    done.unlink()
    answer.write_text("{")
    assert not written(answer, done)
    done.touch()
    assert written(answer, done)
    done.unlink()
    long_ago = time.time() - 3
    os.utime(answer, (long_ago, long_ago))
    assert written(answer, done)
    answer.write_text("")
    os.utime(answer, (long_ago, long_ago))
    assert not written(answer, done)


def test_a_mailbox_whose_reader_is_late_costs_the_turn(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "examples/mailbox.py"), str(tmp_path / "mail"), "--timeout", "0.1"]
    budget = Budget(turns=1, tokens=90_000, context=20_000, evaluations=60)
    agent = {"name": "process", "parameters": {"command": command, "timeout": 10}}
    run(tmp_path / "trial", condition(agent=agent, generations=1, budget=budget))
    assert [fault.message for fault in of_type(tmp_path / "trial", "fault")] == ["no answer came within 0.1 seconds"]


@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no sh")
def test_the_shell_script_of_the_documentation(tmp_path: Path) -> None:
    page = (ROOT / "docs/process.md").read_text(encoding="utf-8")
    script = page.partition("```sh\n")[2].partition("```")[0]
    path = tmp_path / "researcher.sh"
    path.write_text(script, encoding="utf-8")
    agent = {"name": "process", "parameters": {"command": "sh {file}", "file": str(path)}}
    budget = Budget(turns=3, tokens=90_000, context=20_000, evaluations=60)
    run(tmp_path / "trial", condition(agent=agent, generations=1, budget=budget))
    assert not of_type(tmp_path / "trial", "fault")
    assert [event.reason for event in of_type(tmp_path / "trial", "tenure_ended")] == ["ended"]
