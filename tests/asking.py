"""What a client makes of a misbehaving server: its answer, or its error of one line."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest

from govgraph.errors import RemoteError
from govgraph.store.client import Client
from govgraph.store.endpoint import Endpoint
from misbehaving import Handler, serving

Behaviour = Callable[[Handler], None]


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """Behave in one way after the other, and then as in the last."""
    left = list(behaviours)

    def behave(handler: Handler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(handler)

    return behave


def fine(handler: Handler) -> None:
    handler.answer()


def endpoint_of(url: str = "", *, one_of_several: bool = False, **settings: object) -> Endpoint:
    """Return the endpoint that settings of the environment make: `user` is GOVGRAPH_USER."""
    named = {f"GOVGRAPH_{key.upper()}": str(value) for key, value in settings.items()}
    with mock.patch.dict(os.environ, named):
        return Endpoint.of(url, one_of_several=one_of_several)


def ask(url: str, **options: Any) -> bool:
    endpoint = endpoint_of(url, **{"timeout": 5.0, **options})
    return Client(endpoint).ask("ASK { ?s ?p ?o }")


def refused(behave: Behaviour, **options: Any) -> tuple[str, int]:
    """Return the error of a query and the number of requests that were made."""
    with serving(behave) as asked:
        with pytest.raises(RemoteError) as error:
            ask(asked.url, **options)
        text = str(error.value)
        assert text.startswith(f"{asked.url}: "), text
        assert "\n" not in text
        return text, len(asked)
