"""The header of a query file: `#+` comment lines that hold YAML (the convention of grlc)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from govgraph.errors import SourceError, did_you_mean

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_OURS: Final = (
    "summary", "summary_es", "question", "question_es", "description", "description_es", "tags",
    "params", "inference", "expect", "network",
)  # fmt: skip
_GRLC: Final = (
    "endpoint", "endpoint-method", "endpoint_in_url", "method", "mime", "pagination", "defaults",
    "enumerate", "transform",
)  # fmt: skip
KEYS: Final = frozenset((*_OURS, *_GRLC))
"""Keys of a header: govgraph's, and those of grlc that it keeps without using them."""


@dataclass(frozen=True)
class Header:
    """A header read: its data, and the line (from 1) of every key in it."""

    data: Mapping[str, Any]
    lines: Mapping[tuple[str, ...], int]
    source: Path | str | None

    def error(self, message: str, *keys: str) -> SourceError:
        """Return a SourceError at the line of the key reached through `keys`."""
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return SourceError(message, self.source, self.lines.get(keys, 1))

    def text(self, *keys: str, data: Mapping[str, Any] | None = None) -> str:
        """Return the text under the last of `keys`, "" where absent, on one line.

        Raises SourceError where it is no text.
        """
        value = (self.data if data is None else data).get(keys[-1], "")
        if not isinstance(value, str):
            raise self.error(f"{keys[-1]}: found {value!r}, expected text in quotes.", *keys)
        return " ".join(value.split())

    def check_keys(self, data: Any, known: frozenset[str] | tuple[str, ...], *keys: str) -> None:
        """Raise SourceError where `data` is no mapping or has a key that is not known."""
        where = ".".join(keys) or "The header"
        if not isinstance(data, dict):
            raise self.error(f"{where}: found {data!r}, expected keys with values.", *keys)
        for key in data:
            if key not in known:
                raise self.error(
                    f"Unknown key {key!r} in the header.{did_you_mean(str(key), known)}"
                    f" Known: {', '.join(sorted(known))}.",
                    *keys,
                    str(key),
                )


def read_header(text: str, source: Path | str | None) -> Header | None:
    """Return the header at the top of a query text, or None where it has none.

    Raises SourceError, with the line in the file, for YAML that cannot be read and unknown keys.
    """
    numbers = []
    content = []
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip()
        if stripped.startswith("#+"):
            numbers.append(number)
            content.append(stripped[2:].removeprefix(" "))
        elif stripped and not stripped.startswith("#"):
            break
    if not content:
        return None
    loader = _Loader("\n".join(content) + "\n")
    try:
        node = loader.get_single_node()
        data = loader.construct_document(node) if node is not None else {}
    except (yaml.YAMLError, ValueError) as error:
        raise _yaml_error(error, numbers, content, source) from None
    finally:
        loader.dispose()
    lines: dict[tuple[str, ...], int] = {(): numbers[0]}
    _collect_lines(node, (), numbers, lines)
    header = Header(data if isinstance(data, dict) else {}, lines, source)
    header.check_keys(data, KEYS)
    return header


def _collect_lines(
    node: yaml.Node | None,
    keys: tuple[str, ...],
    numbers: list[int],
    lines: dict[tuple[str, ...], int],
) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            path = (*keys, str(key.value))
            lines[path] = numbers[key.start_mark.line]
            _collect_lines(value, path, numbers, lines)


def _yaml_error(
    error: Exception, numbers: list[int], content: list[str], source: Path | str | None
) -> SourceError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    index = min(mark.line if mark else 0, len(numbers) - 1)
    if "\t" in content[index]:
        message = "The header has a tab, which YAML does not allow: use spaces."
    else:
        problem = getattr(error, "problem", None) or str(error)
        message = f"The header is not valid YAML: {problem}. Text with ': ' or '#' needs quotes."
    return SourceError(message, source, numbers[index])
