"""The functions of the puppets, shared by the component read from a file and by the tests."""

from __future__ import annotations

from typing import Any

PUPPETS: dict[str, Any] = {}
