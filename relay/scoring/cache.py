"""Computed verdicts, kept from one command to the next: one SQLite file per user.

An entry is a text under a key. The key is a hash of everything that the text depends on, so an entry can be missing but
never wrong. Several processes may use the file at once. If the file can't be used (full disk, read-only home, not a
database), the cache warns once and works as an empty cache from then on. Commands then take longer, and nothing else
changes.

The file is in the system's directory for caches, or in `RELAY_CACHE_DIR`. When it exceeds `LARGEST`, the oldest entries
are deleted.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from platformdirs import user_cache_path

from relay.errors import UsageError
from relay.records.record import Record

__all__ = ["Cache", "CacheReport", "cache_directory", "clear", "report"]

FILE = "verdicts.sqlite"
SCHEMA = 1
"""Version of the tables. If a file has another version, its tables are dropped and created again."""
LARGEST = 256 << 20
"""Bytes that the entries may take (256 MiB)."""
KEPT = 0.9
"""The share of `LARGEST` that remains after the oldest entries were deleted. Below 1, so that deletions are rare."""
BETWEEN = 256
"""Number of entries after whose writing the size of the file is checked again."""
PATIENCE = 5.0
"""Seconds that a process waits for another one that is writing."""

_TABLES = """
CREATE TABLE IF NOT EXISTS entries (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, value TEXT NOT NULL,
    check_sum TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS counts (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""


class CacheReport(Record):
    """What `relay cache show` prints."""

    path: str
    entries: int
    """Number of verdicts, credits and values in the file."""
    bytes: int
    """Size of the file and of SQLite's files beside it."""
    largest: int
    """Size in bytes at which the oldest entries are deleted."""
    hits: int
    """Number of lookups that found an entry, since the cache was last cleared."""
    misses: int

    def words(self) -> str:
        """Two lines for a person: the path, then the counts."""
        asked = self.hits + self.misses
        share = f", {self.hits} of {asked} found ({100 * self.hits / asked:.0f}%)" if asked else ""
        size = f"{self.bytes / (1 << 20):.1f} of at most {self.largest >> 20} MiB"
        return f"{self.path}\n{self.entries} entries, {size}{share}"


class Cache:
    """The cache of this user, or of `directory`. The file is opened at the first access. Threads may share a cache."""

    def __init__(
        self, directory: Path | None = None, *, warn: Callable[[str], None] = lambda text: None, largest: int = LARGEST
    ) -> None:
        """`warn` is called once with one line of text if the cache can't be used. `largest` stands for `LARGEST`."""
        self._directory = directory
        self._warn = warn
        self._largest = largest
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._useless = False
        self._unchecked = BETWEEN  # so that the first write checks the size: the file may be full from earlier commands
        self.hits = 0
        self.misses = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def get(self, key: str) -> str | None:
        """The text under `key`; None if there is no entry or its check sum is wrong."""
        found: str | None = None
        with self._lock, self._care() as database:
            if database is not None:
                row = database.execute("SELECT value, check_sum FROM entries WHERE key = ?", (key,)).fetchone()
                if row is not None and row[1] == _sum(key, row[0]):
                    found = row[0]
        if found is None:
            self.misses += 1
        else:
            self.hits += 1
        return found

    def put(self, entries: Mapping[str, str]) -> None:
        """Store `entries`, which maps keys to texts. An existing entry with the same key is replaced."""
        with self._lock, self._care() as database:
            if database is None:
                return
            # sorted, so that the order of insertion, and with it of deletion, does not depend on the caller
            rows = [(key, value, _sum(key, value)) for key, value in sorted(entries.items())]
            with database:
                database.executemany("INSERT OR REPLACE INTO entries (key, value, check_sum) VALUES (?, ?, ?)", rows)
            self._unchecked += len(rows)
            if self._unchecked >= BETWEEN:
                self._unchecked = 0
                self._make_room(database)

    def close(self) -> None:
        """Add the hits and misses to the counts in the file, and close it. The cache is unusable afterwards."""
        with self._lock:
            if self._connection is not None:
                with self._care() as database:
                    if database is not None:
                        with database:
                            _count(database, {"hits": self.hits, "misses": self.misses}.items())
                self._drop()
            self._useless = True

    def _make_room(self, database: sqlite3.Connection) -> None:
        if _filled(database) <= self._largest:
            return
        # Rows have about the same size, so the share of rows to delete is taken from the share of bytes; 1 more, to be
        # below the goal for sure.
        (count,) = database.execute("SELECT COUNT(*) FROM entries").fetchone()
        goal = max(1, int(count * (1 - KEPT * self._largest / _filled(database))) + 1)
        with database:
            database.execute(
                "DELETE FROM entries WHERE number IN (SELECT number FROM entries ORDER BY number LIMIT ?)", (goal,)
            )

    @contextlib.contextmanager
    def _care(self) -> Iterator[sqlite3.Connection | None]:
        """Yield the open database, or None if it can't be used.

        SQLite and file errors in the body of the `with` statement are not raised: the cache warns once and is not used
        again. If the error only says that another process is writing, this one access is skipped.
        """
        try:
            yield self._opened()
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", None) not in _BUSY:  # busy: another process is writing, no fault
                self._give_up(error)
        except (sqlite3.Error, OSError) as error:
            self._give_up(error)

    def _opened(self) -> sqlite3.Connection | None:
        if self._connection is None and not self._useless:
            try:
                self._connection = _open(_place(self._directory), create=True)
            except (sqlite3.Error, OSError) as error:
                if getattr(error, "sqlite_errorcode", None) not in _BUSY:
                    self._give_up(error)
        return self._connection

    def _give_up(self, error: Exception) -> None:
        self._useless = True
        self._drop()
        why = getattr(error, "strerror", None) or error
        mend = (
            "start a new one with `relay cache clear`"
            if _spoilt(error)
            else "name another directory with RELAY_CACHE_DIR"
        )
        self._warn(f"the cache {_place(self._directory)} can't be used ({why}); continuing without it; {mend}")

    def _drop(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None


_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def cache_directory() -> Path:
    """The directory of the cache: `RELAY_CACHE_DIR`, or the system's directory for caches."""
    chosen = os.environ.get("RELAY_CACHE_DIR")
    return Path(chosen) if chosen else user_cache_path("relay", appauthor=False)


def report(directory: Path | None = None) -> CacheReport:
    """Size and counts of the cache. Raises `UsageError` if the file can't be read."""
    path = _place(directory)
    counts, entries = {"hits": 0, "misses": 0}, 0
    try:
        if path.exists():
            with contextlib.closing(_open(path, create=False)) as database:
                (entries,) = database.execute("SELECT COUNT(*) FROM entries").fetchone()
                counts.update(database.execute("SELECT name, value FROM counts").fetchall())
        size = _size(path)
    except (sqlite3.Error, OSError) as error:
        raise _unusable(path, error) from None
    return CacheReport(
        path=str(path), entries=entries, bytes=size, largest=LARGEST, hits=counts["hits"], misses=counts["misses"]
    )


def clear(directory: Path | None = None) -> int:
    """Empty the cache, also while other processes use it, and return the number of bytes freed.

    A file that is not a database is deleted. Raises `UsageError` if the file can neither be emptied nor deleted.
    """
    path = _place(directory)
    try:
        before = _size(path)
        if not path.exists():
            return 0
        try:
            with contextlib.closing(_open(path, create=False)) as database:
                with database:
                    database.execute("DELETE FROM entries")
                    database.execute("DELETE FROM counts")
                # outside the transaction: VACUUM can't run inside one
                database.execute("VACUUM")
        except sqlite3.DatabaseError as error:
            if not _spoilt(error):
                raise
            for file in _files(path):
                file.unlink(missing_ok=True)
        return max(0, before - _size(path))
    except (sqlite3.Error, OSError) as error:
        raise _unusable(path, error) from None


def _unusable(path: Path, error: Exception) -> UsageError:
    why = getattr(error, "strerror", None) or error
    mend = (
        "remove it with `relay cache clear`"
        if _spoilt(error)
        else "fix the permissions there, or wait for other processes"
    )
    return UsageError(f"the cache {path} can't be used: {why}; {mend}")


def _size(path: Path) -> int:
    """Bytes of the file and of SQLite's files beside it."""
    return sum(file.stat().st_size for file in _files(path) if file.exists())


def _place(directory: Path | None) -> Path:
    return (directory or cache_directory()) / FILE


def _files(path: Path) -> tuple[Path, ...]:
    return path, path.with_name(f"{FILE}-wal"), path.with_name(f"{FILE}-shm")


def _open(path: Path, *, create: bool) -> sqlite3.Connection:
    if create:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = sqlite3.connect(path, timeout=PATIENCE, check_same_thread=False)
    try:
        # Readers are not blocked by a writer (WAL). A crash may lose the last entries, never the file (NORMAL).
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        (schema,) = database.execute("PRAGMA user_version").fetchone()
        if schema != SCHEMA:
            with database:
                database.execute("BEGIN IMMEDIATE")
                # read again under the lock: another process may have made the tables in the meantime
                if database.execute("PRAGMA user_version").fetchone() != (SCHEMA,):
                    for table in ("entries", "counts"):
                        database.execute(f"DROP TABLE IF EXISTS {table}")
                    for statement in filter(str.strip, _TABLES.split(";")):
                        database.execute(statement)
                    database.execute(f"PRAGMA user_version = {SCHEMA}")
        return database
    except BaseException:
        database.close()
        raise


def _filled(database: sqlite3.Connection) -> int:
    """Bytes of the file that are in use. Deleted entries leave free pages, which do not count."""
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    (free,) = database.execute("PRAGMA freelist_count").fetchone()
    (size,) = database.execute("PRAGMA page_size").fetchone()
    return int((pages - free) * size)


def _count(database: sqlite3.Connection, more: Iterable[tuple[str, int]]) -> None:
    database.executemany(
        "INSERT INTO counts (name, value) VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
        list(more),
    )


def _sum(key: str, value: str) -> str:
    """Check sum of the entry `value` under `key`, since SQLite does not detect a damaged value by itself."""
    return sha256(f"{key}\n{value}".encode()).hexdigest()[:16]


def _spoilt(error: Exception) -> bool:
    """Whether `error` means that the file is damaged or no database. An `OperationalError` has its cause elsewhere."""
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)
