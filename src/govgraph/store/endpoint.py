"""Where a SPARQL store is and how one signs in.

What is not given is looked up in the environment (GOVGRAPH_ENDPOINT, GOVGRAPH_UPDATE_URL, …), then
follows from the addresses that known servers have. The environment describes the store whose query
URL it names, or the one asked for where it names none. Nothing that describes one store is taken
for another, least of all a password.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from govgraph.errors import UsageError, did_you_mean

_PREFIX: Final = "GOVGRAPH_"  # in the environment update-url is GOVGRAPH_UPDATE_URL, and so on
CREDENTIALS: Final = ("user", "password", "token")
SEVERAL: Final = "several"  # what credentials belong to that name no store, where several are asked
SCHEMES: Final = ("basic", "digest", "bearer")
OF_ALL: Final = {"timeout": "60", "largest-answer": "500"}
"""Settings that are for every store, with their defaults."""

_CONVENTIONS: Final = (
    (r"/query", "/update", "/store"),  # Oxigraph
    (r"/sparql", "/sparql", "/sparql-graph-crud"),  # Virtuoso
    (r"/sparql-auth", "/sparql-auth", "/sparql-graph-crud-auth"),  # Virtuoso, signed in
    (r"(.*/repositories/[^/]+)", r"\1/statements", r"\1/rdf-graphs/service"),  # GraphDB, RDF4J
    (r"(/.+)/(?:query|sparql)", r"\1/update", r"\1/data"),  # Fuseki
)
"""Path of the query URL -> those of update and graph store, by the documentation of each server."""

Settings = Mapping[str, str]


@dataclass(frozen=True)
class Endpoint:
    """A SPARQL 1.1 store.

    query_url        SPARQL 1.1 Protocol, section 2.1
    update_url       section 2.2; None where it cannot be changed or is not known
    graph_store_url  SPARQL 1.1 Graph Store HTTP Protocol (`?graph=IRI`, `?default`); None as above
    auth             "basic", "digest" or "bearer"; "" without credentials
    timeout          seconds to wait for an answer
    largest          MB that an answer may have, unpacked
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
    timeout: float = 60.0
    largest: float = 500.0
    withheld: str = ""

    @classmethod
    def of(cls, query_url: str = "", *, one_of_several: bool = False) -> Endpoint:
        """Return the endpoint asked for, or else the configured one.

        `one_of_several` says that other stores are asked too: settings that name no store are then
        for none of them.

        Raises UsageError where neither is, and for an address, scheme or time that is none.
        """
        requested = query_url or configured()
        if not requested:
            raise UsageError("no endpoint is named: expected --endpoint URL, or GOVGRAPH_ENDPOINT.")
        environment = {
            name.removeprefix(_PREFIX).replace("_", "-").lower(): value
            for name, value in os.environ.items()
            if name.startswith(_PREFIX) and value
        }
        withheld = ""
        described = configured() or (SEVERAL if one_of_several else requested)
        if described != requested:
            withheld = described if any(environment.get(key) for key in CREDENTIALS) else ""
            # how long one is ready to wait, and for how much, is no matter of the store
            environment = {key: environment[key] for key in OF_ALL if key in environment}
        return _endpoint({**OF_ALL, **environment, "endpoint": requested}, withheld)


def configured() -> str:
    """Return the query URL that the environment names, or ""."""
    return os.environ.get("GOVGRAPH_ENDPOINT", "")


def _endpoint(settings: Settings, withheld: str) -> Endpoint:
    query_url = _address(settings["endpoint"], "endpoint")
    user, token = settings.get("user", ""), settings.get("token", "")
    usual = _conventional(query_url, signed_in=bool(user))
    default = "bearer" if token else usual["auth"] if user else ""
    auth = settings.get("auth", "").lower() or default
    if auth and auth not in SCHEMES:
        hint = did_you_mean(auth, SCHEMES)
        raise UsageError(f"auth: found {auth!r}, expected {', '.join(SCHEMES)}.{hint}")
    lacking = {"bearer": "token", "basic": "user", "digest": "user"}.get(auth, "")
    if lacking and not settings.get(lacking):
        raise UsageError(f"auth {auth!r} needs a {lacking}: set GOVGRAPH_{lacking.upper()}.")
    for key in CREDENTIALS:
        if not settings.get(key, "").isprintable():
            raise UsageError(f"{key}: it holds a line break or the like. Set it without.")
    update_url, graph_store_url = (
        _address(url, key) if (url := settings.get(key) or usual.get(key)) else None
        for key in ("update-url", "graph-store-url")
    )
    return Endpoint(
        query_url,
        update_url,
        graph_store_url,
        user,
        settings.get("password", ""),
        token,
        auth,
        _number(settings["timeout"], "timeout", "seconds"),
        _number(settings["largest-answer"], "largest-answer", "MB"),
        "" if auth else withheld,
    )


def _conventional(query_url: str, *, signed_in: bool) -> Settings:
    """Return the settings that follow from the form of a query URL on the servers people have."""
    parts = urlsplit(query_url)
    path = parts.path.rstrip("/")
    if path == "/sparql" and signed_in:
        path = "/sparql-auth"
    auth = "digest" if path == "/sparql-auth" else "basic"
    for form, update, graph_store in _CONVENTIONS:
        if match := re.fullmatch(form, path):
            base = parts._replace(query="", fragment="")
            return {
                "update-url": base._replace(path=match.expand(update)).geturl(),
                "graph-store-url": base._replace(path=match.expand(graph_store)).geturl(),
                "auth": auth,
            }
    return {"auth": auth}


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


def _number(text: str, setting: str, unit: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < 1e6:
        raise UsageError(f"{setting}: found {text!r}, expected {unit} such as 60.")
    return number
