"""The same answers from a store as at home: the oxigraph server and Virtuoso, with the study."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

import servers
from asking import endpoint_of
from govgraph import KnowledgeGraph
from govgraph.cli import group
from govgraph.errors import GovgraphError, RemoteError, SourceError, UsageError
from govgraph.explanation import Renderer
from govgraph.queries import run, unmet
from govgraph.queries.sparql import outline
from govgraph.rdf.reading import UnionView
from govgraph.store.answering import RemoteGraph
from govgraph.store.endpoint import Endpoint
from govgraph.store.http import Connection
from misbehaving import Handler, serving
from reference import same_answer

ROW_LIMIT = 10_000  # Virtuoso's, as it is installed
MANY = 12_037
GRAPH = ox.NamedNode("urn:g")
STORES = (
    pytest.param("oxigraph", marks=pytest.mark.oxigraph_server),
    pytest.param("virtuoso", marks=[pytest.mark.virtuoso, pytest.mark.whole]),
)
UNITED = pytest.param("union", marks=[pytest.mark.oxigraph_server, pytest.mark.whole])


def put(connection: Connection, graph: str, triples: bytes) -> None:
    """Replace a graph by N-Triples."""
    url = connection.endpoint.graph_store_url
    assert url is not None
    connection.send(
        "PUT", url, params=[("graph", graph)], repeatable=True,
        headers={"Content-Type": "application/n-triples"}, body=triples,
    )  # fmt: skip


def fill(endpoint: Endpoint, store: ox.Store) -> None:
    """Put every graph of a store to an endpoint."""
    with closing(Connection(endpoint)) as connection:
        for graph in store.named_graphs():
            triples = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b""
            put(connection, graph.value, triples)


@pytest.fixture(scope="module")
def oxigraph(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    with servers.oxigraph(tmp_path_factory.mktemp("oxigraph")) as endpoint:
        fill(endpoint, kg.store)
        yield endpoint


@pytest.fixture(scope="module")
def union(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    with servers.oxigraph(tmp_path_factory.mktemp("union"), union=True) as endpoint:
        fill(endpoint, kg.store)
        yield endpoint


@pytest.fixture(scope="module")
def virtuoso(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """Run Virtuoso with the limit of rows it is installed with."""
    with servers.virtuoso(tmp_path_factory.mktemp("limit"), max_rows=ROW_LIMIT) as endpoint:
        fill(endpoint, kg.store)
        yield endpoint


@pytest.fixture
def remote(request: pytest.FixtureRequest) -> KnowledgeGraph:
    """Return the graph at the store that the test is run for."""
    return KnowledgeGraph.at(request.getfixturevalue(request.param))


on_each_store = pytest.mark.parametrize("remote", STORES, indirect=True)


OF_ALL = ("networks/nodes/any", "networks/nodes/relations")
"""What asks of all there is; in a Virtuoso that is what it says of itself, too (docs/remote.md)."""


@pytest.mark.parametrize("remote", [*STORES, UNITED], indirect=True)
def test_every_stored_query_has_the_same_answer(
    kg: KnowledgeGraph, remote: KnowledgeGraph, request: pytest.FixtureRequest
) -> None:
    differing = []
    for slug, query in kg.queries.items():
        if outline(query.text).has_service:  # which asks another endpoint: tests ask none
            continue
        if slug in OF_ALL and "virtuoso" in request.node.name:
            continue
        for promise in query.promises or (query.expect,):
            found = remote.query(slug, **promise.params)
            same = same_answer(kg.query(slug, **promise.params), found)
            if not same or unmet(promise, found):
                differing.append(slug)
    assert differing == []


@on_each_store
@pytest.mark.parametrize(
    ("slug", "arguments"),
    [
        ("founders-of", {"arrangement": "Bogotá Cómo Vamos", "lang": "es"}),
        ("actors-by-sector", {"sector": ["academia", "society"]}),
        ("cases", {"lang": ["en", "es"]}),
        ("actors-of-case", {"case": "nuevo-leon"}),
        ("which-passages-say", {"subject": "El Tiempo"}),
    ],
)
def test_parameters_and_names_mean_the_same(
    kg: KnowledgeGraph, remote: KnowledgeGraph, slug: str, arguments: dict[str, str]
) -> None:
    assert same_answer(kg.query(slug, **arguments), remote.query(slug, **arguments))


@pytest.mark.whole
@on_each_store
def test_claims_comparison_and_networks_are_the_same(
    kg: KnowledgeGraph, remote: KnowledgeGraph
) -> None:
    assert remote.claims() == kg.claims()
    assert remote.compare() == kg.compare()
    for name in ("actors", "sdg"):
        here, there = kg.network(name), remote.network(name)
        assert dict(there.nodes(data=True)) == dict(here.nodes(data=True)), name
        assert list(there.edges(data=True)) == list(here.edges(data=True)), name


@on_each_store
@pytest.mark.parametrize(
    "statement",
    [
        ("partnership/alliance-for-security", "a", "gg:TripleHelixArrangement"),
        ("actor/be-spp", "startYear", ""),
        ("instrument/bogota-como-vamos", "", ""),
    ],
)
def test_proofs_are_the_same(
    kg: KnowledgeGraph, remote: KnowledgeGraph, statement: tuple[str, str, str]
) -> None:
    here = Renderer(kg.explainer.schema, kg.names).text(kg.explain(*statement))
    there = Renderer(remote.explainer.schema, remote.names).text(remote.explain(*statement))
    # a store does not know the file and line that its graphs were written on
    assert there == re.sub(r" \([a-z-]+/[^)]*:\d+\)", "", here)
    assert there != here


@on_each_store
def test_everything_can_be_had(kg: KnowledgeGraph, remote: KnowledgeGraph) -> None:
    assert len(remote.store) == len(kg.store)
    named = {graph.value for graph in remote.store.named_graphs()}
    assert named == {graph.value for graph in kg.store.named_graphs()}


@on_each_store
def test_what_is_wrong_in_a_query_is_said_as_at_home(remote: KnowledgeGraph) -> None:
    with pytest.raises(SourceError) as error:
        remote.query("SELECT ?s WHERE {\n  ?s ?p ?o\n  FILTR(?s) }")
    assert error.value.line == 3
    with pytest.raises(UsageError, match="update"):
        run("DROP ALL", remote.view)
    with pytest.raises(UsageError, match="Did you mean"):
        remote.query("founders-of", arrangement="Bogotá Como Vamoss")


@pytest.mark.oxigraph_server
@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "founders-of"],
        pytest.param(["query", "evidence-as-prov", "-f", "ttl"], marks=pytest.mark.whole),
        pytest.param(["claims"], marks=pytest.mark.whole),
        pytest.param(["compare", "bogota", "nuevo-leon"], marks=pytest.mark.whole),
        ["network", "actors", "--figures"],
    ],
)
def test_commands_print_the_same(
    arguments: list[str], oxigraph: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = CliRunner().invoke(group, arguments, catch_exceptions=False)
    there = CliRunner().invoke(
        group, [*arguments, "--endpoint", oxigraph.query_url], catch_exceptions=False
    )
    assert there.exit_code == 0
    assert there.stdout == here.stdout
    monkeypatch.setenv("GOVGRAPH_ENDPOINT", oxigraph.query_url)
    assert CliRunner().invoke(group, arguments).stdout == here.stdout
    monkeypatch.setenv("GOVGRAPH_ENDPOINT", "http://127.0.0.1:9/query")
    assert CliRunner().invoke(group, [*arguments, "--endpoint", ""]).stdout == here.stdout


@on_each_store
def test_a_table_of_pairs_is_the_same_file(remote: KnowledgeGraph, tmp_path: Path) -> None:
    assert isinstance(remote.backend, RemoteGraph)
    written = []
    for name, where in (("here", []), ("there", ["--endpoint", remote.backend.endpoint.query_url])):
        folder = tmp_path / name
        folder.mkdir()
        arguments = ["query", "networks/actors", "-o", str(folder / "actors.parquet"), *where]
        done = CliRunner().invoke(group, arguments, catch_exceptions=False)
        assert done.exit_code == 0
        written.append((folder / "actors.parquet").read_bytes())
    assert written[0] == written[1]


@pytest.mark.oxigraph_server
def test_expected_answers_are_checked_on_the_store(oxigraph: Endpoint) -> None:
    arguments = ["queries", "--check", "actors", "actors-of-case", "--endpoint", oxigraph.query_url]
    found = CliRunner().invoke(group, arguments)
    assert found.exit_code == 0, found.output
    assert "0 unmet expectations" in found.stderr


def test_a_store_and_files_at_once_are_refused() -> None:
    for arguments in (["query", "cases", "--data", "."], ["validate", "x.yaml"]):
        with pytest.raises(UsageError, match="--endpoint"):
            CliRunner().invoke(
                group, [*arguments, "--endpoint", "http://h/query"], catch_exceptions=False
            )


@pytest.fixture(scope="module")
def limited(virtuoso: Endpoint) -> RemoteGraph:
    """Return Virtuoso with a graph of more rows than it gives at once."""
    lines = (f'<urn:s{i:05}> <urn:p> "v{i % 7}" .\n' for i in range(MANY))
    with closing(Connection(virtuoso)) as connection:
        put(connection, "urn:many", "".join(lines).encode())
    return RemoteGraph(virtuoso)


@pytest.mark.whole
@pytest.mark.virtuoso
def test_rows_that_were_cut_are_refused_and_the_limit_named(limited: RemoteGraph) -> None:
    for query in (
        "SELECT * { GRAPH <urn:many> { ?s ?p ?o } }",
        "SELECT DISTINCT ?s { GRAPH <urn:many> { ?s ?p ?o } } ORDER BY DESC(?s)",
        "SELECT * { GRAPH <urn:many> { ?s ?p ?o } } LIMIT 11000",
    ):
        with pytest.raises(RemoteError, match=r"cuts results at 10,000 rows.*ResultSetMaxRows"):
            limited.answer(query)
    whole = limited.answer("SELECT * { GRAPH <urn:many> { ?s ?p ?o } } LIMIT 10000")
    assert len(whole) == ROW_LIMIT


@pytest.mark.whole
@pytest.mark.virtuoso
def test_a_graph_of_more_triples_than_rows_comes_whole(limited: RemoteGraph) -> None:
    made = limited.answer(
        "CONSTRUCT { ?s ?p ?o . ?s <urn:a> [ <urn:b> ?o ] }"
        " WHERE { GRAPH <urn:many> { ?s ?p ?o } FILTER(?s < <urn:s06000>) }"
    )
    assert len(made) == 3 * 6000


@pytest.mark.whole
@pytest.mark.virtuoso
def test_a_graph_that_was_cut_is_refused_and_the_limit_named(limited: RemoteGraph) -> None:
    with pytest.raises(RemoteError, match="cuts results at 10,000 rows"):
        limited.answer("CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <urn:many> { ?s ?p ?o } }")


def query_of(handler: Handler) -> str:
    """Return the query that a request asks."""
    body = handler.asked.requests[-1][3].decode() or urlsplit(handler.path).query
    return parse_qs(body)["query"][0]


def cutting(store: ox.Store, at: int) -> Callable[[Handler], None]:
    """Answer from a store, at most so many rows at a time, and do not say so."""

    def behave(handler: Handler) -> None:
        found = store.query(query_of(handler), use_default_graph_as_union=True)
        if isinstance(found, ox.QueryBoolean):
            handler.answer(body=b'{"head":{},"boolean":%s}' % str(bool(found)).lower().encode())
            return
        raw = json.loads(found.serialize(format=ox.QueryResultsFormat.JSON) or b"")
        raw["results"]["bindings"] = raw["results"]["bindings"][:at]
        handler.answer(body=json.dumps(raw).encode())

    return behave


def graph_of(rows: int) -> ox.Store:
    store = ox.Store()
    store.extend(
        ox.Quad(ox.NamedNode(f"urn:s{i}"), ox.NamedNode("urn:p"), ox.Literal(i), GRAPH)
        for i in range(rows)
    )
    return store


@pytest.mark.parametrize("at", [100, 128, 250, 1000, 1024, 10_000])
def test_a_limit_that_no_header_tells_of_is_found_out(at: int) -> None:
    cut = (
        "SELECT * { GRAPH ?g { ?s ?p ?o } }",
        "SELECT ?p { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * FROM <urn:g> { ?s ?p ?o }",
        "SELECT ?s { GRAPH ?g { ?s ?p ?o } } ORDER BY DESC(?o) # LIMIT 5",
        f"SELECT ?s {{ GRAPH ?g {{ ?s ?p ?o }} }} LIMIT {at + 1}",
        f"SELECT ?s {{ GRAPH ?g {{ ?s ?p ?o }} }} ORDER BY ?o OFFSET 1 LIMIT {at + 20}",
        "SELECT ?s { GRAPH ?g { ?s ?p ?o } } VALUES ?p { <urn:p> }",
    )
    whole = {
        "SELECT DISTINCT ?p { GRAPH ?g { ?s ?p ?o } }": 1,
        f"SELECT * {{ GRAPH ?g {{ ?s ?p ?o }} }} LIMIT {at}": at,
        f"SELECT ?s {{ GRAPH ?g {{ ?s ?p ?o }} }} ORDER BY ?o LIMIT # {at}\n {at}": at,
        "SELECT ?s { GRAPH ?g { ?s ?p ?o } } OFFSET 37": at,
    }
    with serving(cutting(graph_of(at + 37), at)) as asked:
        view = RemoteGraph(Endpoint.of(asked.url))
        for query in cut:
            with pytest.raises(RemoteError, match=f"cuts results at {at:,} rows.*LIMIT and OFFSET"):
                view.answer(query)
        assert {query: len(view.answer(query)) for query in whole} == whole


def test_triples_that_virtuoso_cuts_without_a_sign_are_made_of_the_rows() -> None:
    """As Virtuoso 7 does: one triple more than the limit, and no header."""
    store = graph_of(150)
    store.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.BlankNode("b"), GRAPH))
    answer = cutting(store, 200)

    def virtuoso_like(handler: Handler) -> None:
        handler.version_string = lambda: "Virtuoso/07.20"  # type: ignore[method-assign]
        query = query_of(handler)
        if query.startswith("CONSTRUCT"):
            triples = store.query(query, use_default_graph_as_union=True)
            assert isinstance(triples, ox.QueryTriples)
            lines = (triples.serialize(format=ox.RdfFormat.N_TRIPLES) or b"").splitlines(True)
            handler.answer(body=b"".join(lines[:201]), content_type="application/n-triples")
        else:
            answer(handler)

    with serving(virtuoso_like) as asked:
        view = RemoteGraph(Endpoint.of(asked.url))
        for query, size in (
            ("CONSTRUCT { ?s ?p ?o . ?s <urn:where> ?o } WHERE { GRAPH ?g { ?s ?p ?o } }", 302),
            ("CONSTRUCT FROM <urn:g> WHERE { ?s ?p ?o . ?s ?p ?o }", 151),
        ):
            made = view.answer(query)
            assert len(made) == size
            assert sum(isinstance(triple.object, ox.BlankNode) for triple in made.triples) in {1, 2}
    store.extend(graph_of(500))
    with serving(virtuoso_like) as asked, pytest.raises(RemoteError, match="cuts results at 200"):
        RemoteGraph(Endpoint.of(asked.url)).answer("CONSTRUCT WHERE { ?s ?p ?o }")


@pytest.mark.parametrize(
    ("rows", "query", "requests"),
    [
        (1234, "SELECT ?o { GRAPH ?g { ?s ?p ?o } }", 1),
        (63, "SELECT ?o { GRAPH ?g { ?s ?p ?o } }", 1),
        (128, "SELECT ?o { GRAPH ?g { ?s ?p ?o } }", 2),
        (1234, "SELECT ?o { GRAPH ?g { ?s ?p ?o } } LIMIT 100", 1),  # it has what it asks for
        (100, "SELECT ?o { GRAPH ?g { ?s ?p ?o } } LIMIT 200", 2),
    ],
)
def test_only_what_may_have_been_cut_is_asked_again(rows: int, query: str, requests: int) -> None:
    with serving(cutting(graph_of(rows), 10_000)) as asked:
        view = RemoteGraph(Endpoint.of(asked.url))
        view.answer("ASK {}")
        before = len(asked)
        view.answer(query)
        assert len(asked) - before == requests


def test_a_store_without_a_union_is_named_before_it_answers_too_little() -> None:
    store = graph_of(3)

    def apart(handler: Handler) -> None:
        named = "SELECT" not in handler.path  # ASK { GRAPH … } holds, ASK over both does not
        handler.answer(body=b'{"head":{},"boolean":%s}' % (b"true" if named else b"false"))

    assert len(store) == 3
    with serving(apart) as asked, pytest.raises(RemoteError, match="unionDefaultGraph"):
        RemoteGraph(Endpoint.of(asked.url)).answer("ASK { ?s ?p ?o }")


@pytest.mark.oxigraph_server
def test_an_empty_store_is_named_and_not_taken_for_an_answer(tmp_path: Path) -> None:
    with servers.oxigraph(tmp_path) as endpoint:
        remote = KnowledgeGraph.at(endpoint)
        with pytest.raises(RemoteError, match=r"store is empty. Fill it: govgraph push http"):
            remote.query("cases")
        assert endpoint.update_url
        RemoteGraph(endpoint).client.update("INSERT DATA { <urn:a> a <urn:b> }")
        assert RemoteGraph(endpoint).answer("ASK { ?s a <urn:b> }").boolean


@pytest.mark.parametrize(
    "step", [pytest.param(48, id="some"), pytest.param(1, id="all", marks=pytest.mark.whole)]
)
def test_stored_queries_count_a_statement_once_however_many_graphs_say_it(
    kg: KnowledgeGraph, step: int
) -> None:
    """No store but an embedded one can be trusted to unite graphs to a set."""
    again = ox.NamedNode("https://w3id.org/govgraph/security-alliances/graph/editorial/again")
    store = ox.Store()
    store.extend(kg.store)
    store.extend(ox.Quad(q.subject, q.predicate, q.object, again) for q in kg.store)
    view = UnionView.of(store)
    texts = {
        slug: kg.defaults.bind(query, {})
        for slug, query in list(kg.queries.items())[::step]
        if not outline(query.text).has_service  # which would ask another endpoint
    }
    differing = [
        slug for slug, text in texts.items() if not same_answer(run(text, view), run(text, store))
    ]
    assert differing == []


@pytest.mark.whole
def test_an_endpoint_that_is_down_is_one_line(tmp_path: Path) -> None:
    remote = KnowledgeGraph.at(f"http://127.0.0.1:{servers.free_port()}/query")
    assert repr(remote).splitlines()[0].endswith("/query>")  # without asking
    with pytest.raises(GovgraphError, match="Is the server up"):
        remote.query("cases")


@pytest.mark.whole
@pytest.mark.virtuoso
def test_virtuoso_is_signed_in_to_by_digest(virtuoso: Endpoint) -> None:
    signed_in = endpoint_of(virtuoso.query_url, user="dba", password=servers.PASSWORD)
    client = RemoteGraph(signed_in).client
    client.update("INSERT DATA { GRAPH <urn:signed> { <urn:a> a <urn:b> } }")
    with closing(Connection(signed_in)) as connection:
        put(connection, "urn:put", b"<urn:a> <urn:p> <urn:b> .")
    assert client.ask("ASK { GRAPH <urn:signed> { ?s a <urn:b> } }")
    assert client.ask("ASK { GRAPH <urn:put> { ?s ?p <urn:b> } }")
    client.update("CLEAR GRAPH <urn:signed> CLEAR GRAPH <urn:put>")
    wrong = endpoint_of(virtuoso.query_url, user="dba", password="no")
    with pytest.raises(RemoteError, match="check GOVGRAPH_USER and GOVGRAPH_PASSWORD"):
        RemoteGraph(wrong).client.update("CLEAR GRAPH <urn:signed>")
