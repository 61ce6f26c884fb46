"""The header of a query file: `#+` comment lines that hold YAML (the convention of grlc)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from govgraph.coding.yaml_lines import LocatedMap, parse_yaml, plain_data
from govgraph.errors import SourceError, did_you_mean, shortened
from govgraph.texts import TAG

KEYS: Final = (
    "summary", "question", "description", "tags", "params", "inference", "expect", "network",
)  # fmt: skip
TEXTS: Final = ("summary", "question", "description")
"""Keys whose text is in English; `summary_es` is the same in Spanish, and so in any language."""


@dataclass(frozen=True)
class Header:
    """A header read: its data, and its YAML, each line where it stands in the file."""

    data: Mapping[str, Any]
    content: str
    source: Path | str

    def error(self, message: str, *keys: str) -> SourceError:
        """Return a SourceError at the line of the key reached through `keys`."""
        node = parse_yaml(self.content, self.source)
        line = node.line
        for key in keys:
            if not isinstance(node, LocatedMap) or key not in node.entries:
                break
            line, node = node.entries[key]
        return SourceError(message, self.source, line)

    def value(
        self, *keys: str, expected: str, fits: Callable[[Any], bool], default: Any = None
    ) -> Any:
        """Return what stands under a key, reached through those before it, or `default`.

        Raises SourceError where it does not fit; `expected` says what would.
        """
        data: Any = self.data
        for key in keys[:-1]:
            data = data.get(key, {})
        value = data.get(keys[-1], default)
        if keys[-1] in data and not fits(value):
            raise self.error(
                f"{keys[-1]}: found {shortened(repr(value))}, expected {expected}.", *keys
            )
        return value

    def text(self, *keys: str) -> str:
        """Return the text under a key on one line, "" where there is none."""
        value = self.value(
            *keys, expected="text in quotes", fits=lambda value: isinstance(value, str), default=""
        )
        return " ".join(value.split())

    def texts(self, *keys: str, expected: str) -> list[str]:
        """Return the list of texts under a key, [] where there is none; raises as `value` does."""
        texts: list[str] = self.value(
            *keys,
            expected=expected,
            fits=lambda value: isinstance(value, list) and all(isinstance(v, str) for v in value),
            default=[],
        )
        return texts

    def translated(self, *keys: str) -> dict[str, str]:
        """Return the texts under a key in other languages: "es" -> what stands under `…_es`."""
        data: Any = self.data
        for key in keys[:-1]:
            data = data.get(key, {})
        tags = [tag for key in data if (tag := _language(str(key), keys[-1]))]
        return {tag: self.text(*keys[:-1], f"{keys[-1]}_{tag}") for tag in tags}

    def truth(self, *keys: str) -> bool | None:
        """Return the true or false under a key, None where there is none."""
        value: bool | None = self.value(
            *keys, expected="true or false", fits=lambda value: isinstance(value, bool)
        )
        return value

    def check_keys(self, data: Any, known: tuple[str, ...], *keys: str) -> None:
        """Raise SourceError where `data` is no mapping or has a key that is not known."""
        where = ".".join(keys) or "The header"
        if not isinstance(data, dict):
            raise self.error(
                f"{where}: found {shortened(repr(data))}, expected keys with values.", *keys
            )
        for key in data:
            texts = [text for text in TEXTS if text in known]
            if key not in known and not any(_language(str(key), text) for text in texts):
                raise self.error(
                    f"Unknown key {shortened(repr(key))} in the header."
                    f"{did_you_mean(str(key)[:50], known)}"
                    f" Known: {', '.join(sorted(known))}.",
                    *keys,
                    str(key),
                )


def _language(key: str, text: str) -> str:
    """Return the language of a key such as `summary_pt-BR`, "" for one that is no translation."""
    tag = key.removeprefix(f"{text}_")
    return tag if tag != key and TAG.fullmatch(tag) else ""


def read_header(text: str, source: Path | str) -> Header | None:
    """Return the header at the top of a query text, or None where it has none.

    Raises SourceError, with the line in the file, for YAML that cannot be read and unknown keys.
    """
    lines = []
    for line in map(str.strip, text.split("\n")):
        if line and not line.startswith("#"):
            break
        # other lines stay as empty ones, so that those of the YAML are those of the file
        lines.append(line[2:].removeprefix(" ") if line.startswith("#+") else "")
    content = "\n".join(lines)
    if not re.search(r"^\s*[^\s#]", content, re.MULTILINE):
        return None
    header = header_of(content, source)
    header.check_keys(header.data, KEYS)
    return header


def header_of(content: str, source: Path | str) -> Header:
    """Return YAML read; raises SourceError, with the line, for what is none, and for no mapping."""
    tree = parse_yaml(content, source)
    try:
        data = plain_data(tree)
    except (yaml.YAMLError, ValueError, TypeError) as error:
        message = f"a value of the header is not valid: {error}."
        raise SourceError(message, source, tree.line) from None
    header = Header(data if isinstance(data, dict) else {}, content, source)
    if not isinstance(data, dict):
        header.check_keys(data, ())
    return header
