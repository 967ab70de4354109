"""Reads YAML that somebody else may have written: plain data or one error, whatever the text is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

__all__ = ["read_yaml"]

LARGEST = 1_000_000
"""Most values in a text. Aliases count as often as they are used: a short text could stand for billions."""


def read_yaml(text: str | bytes) -> Any:
    """The data in a text. Raises `YAMLError` if it is not YAML, and `ValueError` for anything else that is wrong.

    Tags and escapes are resolved by the library with Python's own errors, of several kinds.
    """
    try:
        data = YAML(typ="safe", pure=True).load(text.decode() if isinstance(text, bytes) else text)
        _check_size(data)
    except (YAMLError, ValueError):
        raise
    except RecursionError:
        raise ValueError("its lists or mappings are nested too deep") from None
    except Exception as error:
        raise ValueError(f"a value can't be read ({type(error).__name__}: {error})") from None
    return data


def _check_size(data: Any) -> None:
    waiting, count = [data], 0
    while waiting:
        value = waiting.pop()
        count += 1
        if count > LARGEST:
            raise ValueError(f"it has more than {LARGEST:,} values")
        if isinstance(value, Mapping):
            waiting += value.values()
        elif isinstance(value, list | tuple | set):
            waiting += value
