"""The cache of verdicts, and `relay cache`."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from relay.errors import UsageError
from relay.records.budget import Budget
from relay.scoring.cache import FILE, LARGEST, Cache, cache_directory, clear, report
from relay.trial.resolve import resolve_condition
from relay.trial.trial import run_trial
from tests.commands.conftest import Invoke

ROOT = Path(__file__).resolve().parents[2]
COUNTING = ROOT / "examples" / "counting.yaml"
CLAIM = "define twice(x: Hour) -> Hour = plus(x, x)\nclaim (x: Hour): twice(twice(x)) == x\n"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test an empty cache."""
    directory = tmp_path / "a cache"
    monkeypatch.setenv("RELAY_CACHE_DIR", str(directory))
    return directory


def filled(place: Path, count: int = 3) -> None:
    with Cache(place) as cache:
        for number in range(count):
            cache.put({f"key {number}": f"value {number}"})


# --- normal use ------------------------------------------------------------------------------------------------------


def test_what_is_put_is_there_for_the_next(place: Path) -> None:
    filled(place)
    with Cache(place) as cache:
        assert [cache.get(f"key {number}") for number in range(4)] == ["value 0", "value 1", "value 2", None]
        assert (cache.hits, cache.misses) == (3, 1)
    found = report(place)
    assert (found.entries, found.hits, found.misses, found.largest) == (3, 3, 1, LARGEST)
    assert found.bytes >= (place / FILE).stat().st_size > 0


def test_its_place_is_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert cache_directory() == tmp_path / "a cache"
    monkeypatch.delenv("RELAY_CACHE_DIR")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "system"))
    assert cache_directory().name == "relay" and tmp_path in cache_directory().parents


def test_it_is_nobody_elses(place: Path) -> None:
    filled(place)
    assert place.stat().st_mode & 0o077 == 0


def test_the_oldest_go_first(place: Path) -> None:
    largest = 1 << 20
    with Cache(place, largest=largest) as cache:
        for number in range(3000):
            cache.put({f"{number:05}": "x" * 1000})
        assert cache.get("00000") is None
        assert cache.get("02999") is not None
        kept = [number for number in range(3000) if cache.get(f"{number:05}") is not None]
    assert kept == list(range(kept[0], 3000)) and len(kept) > 500
    assert (place / FILE).stat().st_size < 2 * largest


def test_many_processes_at_once(place: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom relay.scoring.cache import Cache\n"
        "told = []\n"
        "with Cache(Path(sys.argv[1]), warn=told.append) as cache:\n"
        "    for number in range(200):\n"
        "        cache.put({f'{number} of {sys.argv[2]}': 'v' * 100, f'shared {number}': 'the same'})\n"
        "        assert cache.get(f'shared {number}') in ('the same', None)\n"
        "assert not told, told\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = [subprocess.Popen([sys.executable, "-c", code, str(place), str(n)], env=environment) for n in range(4)]
    assert [process.wait(timeout=300) for process in running] == [0] * 4
    assert report(place).entries >= 900  # an entry is lost only if a process waits very long for the lock


def test_many_threads_at_once(place: Path) -> None:
    told: list[str] = []
    with Cache(place, warn=told.append) as cache:

        def use(mine: int) -> None:
            for number in range(100):
                cache.put({f"{mine} {number}": "v"})
                assert cache.get(f"{mine} {number}") == "v"

        threads = [threading.Thread(target=use, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not told and report(place).entries == 400


# --- faults ----------------------------------------------------------------------------------------------------------


def unusable(place: Path, *, spoilt: bool = False) -> None:
    told: list[str] = []
    with Cache(place, warn=told.append) as cache:
        for _ in range(3):
            cache.put({"key": "value"})
            cache.get("key")
    assert len(told) == 1
    assert str(place) in told[0] and "\n" not in told[0] and "continuing without it" in told[0]
    assert ("`relay cache clear`" in told[0]) == spoilt


def test_a_file_that_is_no_database_is_told_once(place: Path) -> None:
    place.mkdir()
    (place / FILE).write_bytes(b"not a database at all" * 1000)
    unusable(place, spoilt=True)
    with pytest.raises(UsageError, match="relay cache clear"):
        report(place)
    assert clear(place) > 0
    filled(place)
    assert report(place).entries == 3


def test_a_file_with_changed_bytes_gives_no_wrong_answer(place: Path) -> None:
    filled(place, 200)
    data = bytearray((place / FILE).read_bytes())
    for position in range(4096 * 2, len(data), 97):
        data[position] ^= 0x55
    (place / FILE).write_bytes(bytes(data))
    with Cache(place) as cache:
        found = {number: cache.get(f"key {number}") for number in range(200)}
    assert all(value in (None, f"value {number}") for number, value in found.items())
    assert None in found.values()


def test_an_entry_that_was_changed_is_not_believed(place: Path) -> None:
    filled(place)
    with sqlite3.connect(place / FILE) as database:
        database.execute("UPDATE entries SET value = 'another' WHERE key = 'key 1'")
    database.close()
    with Cache(place) as cache:
        assert [cache.get(f"key {number}") for number in range(3)] == ["value 0", None, "value 2"]


def test_a_place_that_is_no_directory(place: Path) -> None:
    place.write_text("a file")
    unusable(place)


def test_a_directory_in_place_of_the_file(place: Path) -> None:
    (place / FILE).mkdir(parents=True)
    unusable(place)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_place_that_can_not_be_written(place: Path) -> None:
    place.mkdir(mode=0o500)
    unusable(place)


def test_a_full_disk(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database with a size limit fails like a full disk."""
    filled(place)
    told: list[str] = []
    with Cache(place, warn=told.append) as cache:
        assert cache.get("key 0") == "value 0"
        assert cache._connection is not None
        (pages,) = cache._connection.execute("PRAGMA page_count").fetchone()
        cache._connection.execute(f"PRAGMA max_page_count = {pages}")
        for number in range(50):
            cache.put({f"large {number}": "x" * 10_000})
    assert len(told) == 1 and "full" in told[0]
    assert report(place).entries >= 3


def test_an_older_schema_is_begun_anew(place: Path) -> None:
    place.mkdir()
    with sqlite3.connect(place / FILE) as database:
        database.execute("CREATE TABLE entries (something TEXT)")
        database.execute("PRAGMA user_version = 99")
    database.close()
    filled(place)
    assert report(place).entries == 3


def test_clearing_while_it_is_used(place: Path) -> None:
    filled(place, 50)
    with Cache(place) as cache:
        assert cache.get("key 1") == "value 1"
        clear(place)
        assert cache.get("key 1") is None
        cache.put({"key 1": "again"})
        assert cache.get("key 1") == "again"
    assert report(place).entries == 1


# --- the commands ----------------------------------------------------------------------------------------------------


def test_show_and_clear(relay: Invoke, place: Path) -> None:
    empty = json.loads(relay("cache", "show", "--json").out)
    assert empty == {
        "path": str(place / FILE), "entries": 0, "bytes": 0, "largest": LARGEST, "hits": 0, "misses": 0
    }  # fmt: skip
    first = relay("check", COUNTING, "--json", stdin=CLAIM)
    again = relay("check", COUNTING, "--json", stdin=CLAIM)
    assert (first.status, first.out) == (again.status, again.out)
    shown = json.loads(relay("cache", "show", "--json").out)
    assert (shown["entries"], shown["hits"], shown["misses"]) == (1, 1, 1)
    words = relay("cache", "show").out
    assert str(place / FILE) in words and "1 entries" in words and "1 of 2 found (50%)" in words
    cleared = json.loads(relay("cache", "clear", "--json").out)
    assert cleared["path"] == str(place) and cleared["freed"] >= 0
    assert json.loads(relay("cache", "show", "--json").out)["entries"] == 0


def test_without_the_cache_nothing_is_written(relay: Invoke, place: Path) -> None:
    relay("check", COUNTING, "--no-cache", stdin=CLAIM)
    relay("task", "check", COUNTING, "--no-cache")
    assert not place.exists()


def test_what_is_kept_saves_work_from_one_command_to_the_next(relay: Invoke, place: Path) -> None:
    lines = ["define double(x: Hour) -> Hour = plus(x, x)", "define opposite(x: Hour) -> Hour = double(double(x))"]
    relay("check", COUNTING, stdin="\n".join([*lines, "claim (x: Hour): opposite(opposite(x)) == x"]))
    before = report(place)
    relay("task", "check", COUNTING)
    after = report(place)
    assert (before.hits, before.entries) == (0, 1)
    assert after.hits == 1 and after.entries > 5


def test_a_spoilt_cache_stops_no_command(relay: Invoke, place: Path) -> None:
    place.mkdir()
    (place / FILE).write_bytes(b"x" * 5000)
    told = relay("check", COUNTING, stdin=CLAIM)
    assert told.status == 1 and "refuted" in told.out
    assert told.err.count("relay: ") == 1 and told.err.startswith("relay: the cache ")
    shown = relay("cache", "show")
    assert shown.status == 2 and shown.err.count("\n") == 1
    assert relay("cache", "clear").status == 0
    assert relay("cache", "show").status == 0


def test_the_cache_changes_no_byte_of_a_log(tmp_path: Path, place: Path) -> None:
    chosen = resolve_condition(
        "alien(q=3, layers=2, width=1)",
        budget=Budget(turns=2, tokens=60_000, context=12_000, evaluations=1_000),
        generations=1,
        seed=3,
    )
    for name, cache in (("without", None), ("cold", Cache(place)), ("warm", Cache(place))):
        asyncio.run(run_trial(chosen, tmp_path / name, cache=cache))
        if cache is not None:
            cache.close()
            assert (cache.hits > 0) == (name == "warm")
    logs = {(tmp_path / name / "events.jsonl").read_bytes() for name in ("without", "cold", "warm")}
    assert len(logs) == 1
