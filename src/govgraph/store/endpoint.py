"""Where a SPARQL store is and how one signs in.

What is not given is looked up in three places, the first that names it wins: the environment
(GOVGRAPH_ENDPOINT, GOVGRAPH_UPDATE_URL, …), `[tool.govgraph]` of the nearest pyproject.toml, and
the addresses that known servers have (`conventions`). A place describes the store whose query URL
it names; one that names none, the store that the other place names, or the one asked for where
neither does. Nothing that describes one store is taken for another, least of all a password.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from govgraph.errors import SourceError, UsageError, did_you_mean
from govgraph.store.conventions import conventional_addresses

SETTINGS: Final = (
    "endpoint", "update-url", "graph-store-url", "user", "password", "token", "auth", "timeout"
)  # fmt: skip
"""Keys of [tool.govgraph]; in the environment update-url is GOVGRAPH_UPDATE_URL, and so on."""

CREDENTIALS: Final = ("user", "password", "token")
SEVERAL: Final = "several"
"""What credentials belong to that name no store, where several are asked."""
SCHEMES: Final = ("basic", "digest", "bearer")
TIMEOUT: Final = 60.0

Settings = Mapping[str, str]


@dataclass(frozen=True)
class Endpoint:
    """A SPARQL 1.1 store.

    query_url        SPARQL 1.1 Protocol, section 2.1
    update_url       section 2.2; None where it cannot be changed or is not known
    graph_store_url  SPARQL 1.1 Graph Store HTTP Protocol (`?graph=IRI`, `?default`); None as above
    auth             "basic", "digest" or "bearer"; "" without credentials
    timeout          seconds to wait for an answer
    withheld         query URL of the store that the credentials found belong to, where they were
                     not taken because it is another one; "several" where they might be for
                     either of two; "" otherwise
    """

    query_url: str
    update_url: str | None = None
    graph_store_url: str | None = None
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    auth: str = ""
    timeout: float = TIMEOUT
    withheld: str = ""

    @property
    def urls(self) -> tuple[str | None, ...]:
        """The addresses of queries, updates and graph store, in this order."""
        return self.query_url, self.update_url, self.graph_store_url

    @classmethod
    def of(
        cls,
        query_url: str = "",
        *,
        update_url: str = "",
        graph_store_url: str = "",
        user: str = "",
        password: str = "",
        token: str = "",
        auth: str = "",
        timeout: float | None = None,
        one_of_several: bool = False,
    ) -> Endpoint:
        """Return the endpoint asked for, or else the configured one.

        `one_of_several` says that other stores are asked too: settings that name no store are then
        for none of them.

        Raises UsageError where neither is, and for an address, scheme or time that is none;
        SourceError for a pyproject.toml that cannot be read.
        """
        given = {
            "endpoint": query_url,
            "update-url": update_url,
            "graph-store-url": graph_store_url,
            "user": user,
            "password": password,
            "token": token,
            "auth": auth,
            "timeout": "" if timeout is None else str(timeout),
        }
        found = {key: value for key, value in given.items() if value}
        places, withheld = (_environment(), _project()), ""
        meant = configured()
        asked = query_url or meant
        for place in places:
            described = place.get("endpoint") or meant or (SEVERAL if one_of_several else asked)
            if described == asked:
                found = {**place, **found}
            elif any(place.get(key) for key in CREDENTIALS):
                withheld = withheld or described
        # how long one is ready to wait is no matter of the store
        found = {**{key: places[0][key] for key in ("timeout",) if key in places[0]}, **found}
        if "endpoint" not in found:
            raise UsageError(
                "no endpoint is named: expected --endpoint URL, GOVGRAPH_ENDPOINT, or endpoint in"
                " [tool.govgraph] of pyproject.toml."
            )
        return _endpoint(found, withheld)


def configured() -> str:
    """Return the query URL that environment or pyproject.toml name, or ""."""
    for place in (_environment(), _project()):
        if "endpoint" in place:
            return place["endpoint"]
    return ""


def _endpoint(found: Settings, withheld: str) -> Endpoint:
    query_url = _address(found["endpoint"], "endpoint")
    known = conventional_addresses(query_url, signed_in=bool(found.get("user")))
    token, user = found.get("token", ""), found.get("user", "")
    auth = found.get("auth", "").lower() or (
        "bearer" if token else (known.auth or "basic") if user else ""
    )
    if auth and auth not in SCHEMES:
        hint = did_you_mean(auth, SCHEMES)
        raise UsageError(f"auth: found {auth!r}, expected {', '.join(SCHEMES)}.{hint}")
    lacking = {"bearer": "token", "basic": "user", "digest": "user"}.get(auth, "")
    if lacking and not found.get(lacking):
        raise UsageError(f"auth {auth!r} needs a {lacking}: set GOVGRAPH_{lacking.upper()}.")
    update_url = found.get("update-url") or known.update_url
    graph_store_url = found.get("graph-store-url") or known.graph_store_url
    return Endpoint(
        query_url,
        _address(update_url, "update-url") if update_url else None,
        _address(graph_store_url, "graph-store-url") if graph_store_url else None,
        user,
        found.get("password", ""),
        token,
        auth,
        _seconds(found.get("timeout", "")),
        "" if auth else withheld,
    )


def _address(text: str, setting: str) -> str:
    """Return an http(s) address; raises UsageError for anything else, and for a password in it."""
    try:
        parts = urlsplit(text)
        port = parts.port  # raises ValueError where it is no number
    except ValueError:
        parts, port = urlsplit(""), None
    plain = text.isprintable() and not set(text) & set(" <>\"'\\")
    if parts.scheme not in {"http", "https"} or not parts.hostname or not plain or port == 0:
        raise UsageError(
            f"{setting}: found {text!r}, expected an address such as http://localhost:7878/query."
        )
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            f"{setting}: the address holds a name or password, which others on this machine can"
            " see. Take it out and set GOVGRAPH_USER and GOVGRAPH_PASSWORD."
        )
    return text


def _seconds(text: str) -> float:
    if not text:
        return TIMEOUT
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e6:
        raise UsageError(f"timeout: found {text!r}, expected seconds such as 60.")
    return seconds


def _environment() -> Settings:
    names = {key: f"GOVGRAPH_{key.replace('-', '_').upper()}" for key in SETTINGS}
    return {key: os.environ[name] for key, name in names.items() if os.environ.get(name)}


def _project() -> Settings:
    """Return [tool.govgraph] of the pyproject.toml in this folder or the nearest above it."""
    try:
        here = Path.cwd()
    except FileNotFoundError:  # the folder was removed
        return {}
    path = next((p for d in (here, *here.parents) if (p := d / "pyproject.toml").is_file()), None)
    if path is None:
        return {}
    try:
        table = tomllib.loads(path.read_text("utf-8")).get("tool", {}).get("govgraph", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceError(f"cannot be read ({error}).", path) from None
    if not isinstance(table, dict):
        raise SourceError("tool.govgraph: expected a table [tool.govgraph].", path)
    for key, value in table.items():
        if key not in SETTINGS:
            hint = did_you_mean(key, SETTINGS) or f" Known: {', '.join(SETTINGS)}."
            raise SourceError(f"[tool.govgraph] has no setting {key!r}.{hint}", path)
        if not isinstance(value, str | int | float) or isinstance(value, bool):
            raise SourceError(f"[tool.govgraph] {key}: expected a text.", path)
    return {key: str(value) for key, value in table.items() if value != ""}
