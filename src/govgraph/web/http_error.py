"""How a request is refused: one status, one clear line."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class HttpError(Exception):
    """A response that says why not: status, one line of text, further headers."""

    status: int
    message: str
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message
