"""Networks of any RDF and of tables of ties, in one line; and the face that networks have."""

from __future__ import annotations

import io
import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from click.testing import CliRunner

from govgraph.cli import _show, group
from govgraph.errors import GovgraphWarning, SourceError, UsageError

if TYPE_CHECKING:
    from govgraph import KnowledgeGraph

FOAF = """@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix : <https://ex.example/p/> .
@prefix v: <https://ex.example/v#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
:ana a foaf:Person ; foaf:name "Ana" ; foaf:knows :ben, :c . :ben foaf:knows :c .
:ben skos:prefLabel "Benito"@es, "Ben"@en ; v:likes <mailto:x@y.example> . [] v:likes :ana .
"""
PARTS = "actor,event,role,year\nA,x,chair,1999\nB,x,,2001\nA,y,member,\nC,y,member,2003-05-01\n"


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(group, [str(each) for each in arguments], catch_exceptions=True)


def strictly(*arguments: str | Path) -> Any:
    """Run a command with --strict, its warnings shown as `cli.main` has them shown."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", GovgraphWarning)
        warnings.showwarning = _show  # type: ignore[assignment]
        return run(*arguments, "--strict")


def test_any_rdf_is_a_network_without_a_query(tmp_path: Path) -> None:
    path = written(tmp_path, "foaf.ttl", FOAF)
    done = run("network", path, "-o", tmp_path / "x.gexf")
    assert done.exit_code == 0, done.output
    assert "reading the bundled study" not in done.stderr
    network = nx.read_gexf(tmp_path / "x.gexf")
    labels = nx.get_node_attributes(network, "label")
    assert labels["https://ex.example/p/ana"] == "Ana"
    assert labels["https://ex.example/p/ben"] == "Ben"
    assert labels["https://ex.example/p/c"] == "c"
    assert labels["mailto:x@y.example"] == "mailto:x@y.example"
    assert sum(label.startswith("_:") for label in labels.values()) == 1
    assert network.is_directed()
    assert network.number_of_edges() == 5


def test_one_relation_of_it(tmp_path: Path, kg: KnowledgeGraph) -> None:
    path = written(tmp_path, "foaf.ttl", FOAF)
    for name in ("knows", "foaf:knows", "http://xmlns.com/foaf/0.1/knows"):
        network = kg.network(path, relation=name)
        assert (len(network), network.number_of_edges()) == (3, 3)
    with pytest.raises(UsageError, match=r"no relation 'know'\. Did you mean 'knows'\?"):
        kg.network(path, relation="know")
    spanish = kg.network(path, lang="es")
    assert spanish.nodes["https://ex.example/p/ben"]["label"] == "Benito"


def test_own_data_alone_are_seen_alone(tmp_path: Path) -> None:
    data = written(
        tmp_path, "in.ttl",
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "@prefix : <https://town.example/> .\n:a skos:broader :b .\n",
    )  # fmt: skip
    query = written(
        tmp_path, "net.rq",
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        "SELECT ?subject ?edge ?object { ?subject skos:broader ?object BIND('is' AS ?edge) }",
    )  # fmt: skip
    out = tmp_path / "net.gexf"
    done = run("network", query, "--data", data, "--alone", "-o", out)
    assert done.exit_code == 0, done.output
    assert "net.rq: 2 nodes, 1 edge" in done.stderr
    network = nx.read_gexf(out)
    assert {data["label"] for _, data in network.nodes(data=True)} == {"a", "b"}
    assert [data["label"] for *_, data in network.edges(data=True)] == ["is"]


def test_a_nodes_query_of_ones_own(tmp_path: Path) -> None:
    data = written(tmp_path, "foaf.ttl", FOAF)
    written(
        tmp_path, "nodes.rq",
        "SELECT ?subject ?attribute ?value { ?subject ?attribute ?value FILTER(isLiteral(?value))}",
    )  # fmt: skip
    query = written(
        tmp_path, "net.rq",
        "#+ network:\n#+   nodes: nodes.rq\n"
        "PREFIX foaf: <http://xmlns.com/foaf/0.1/>\n"
        "SELECT ?source ?target { ?source foaf:knows ?target }",
    )  # fmt: skip
    out = tmp_path / "net.graphml"
    done = run("network", query, "--data", data, "--alone", "-o", out)
    assert done.exit_code == 0, done.output
    assert "Ana" in {name for _, name in nx.read_graphml(out).nodes(data="name")}


def test_a_table_of_participations_has_two_modes(tmp_path: Path, kg: KnowledgeGraph) -> None:
    path = written(tmp_path, "parts.csv", PARTS)
    network = kg.network(path)
    assert nx.get_node_attributes(network, "mode") == {
        "A": "actor", "B": "actor", "C": "actor", "x": "event", "y": "event",
    }  # fmt: skip
    assert network.edges["A", "x"] == {"weight": 1, "kind": "chair", "start": 1999, "end": 1999}
    assert network.edges["C", "y"]["start"] == 2003
    assert network.edges["A", "y"] == {"weight": 1, "kind": "member"}
    joined = kg.network(path, project="co-membership")
    assert set(joined.edges) == {("A", "C")}  # A and B are in x at other times
    assert nx.get_node_attributes(joined, "member_of") == {"A": "x|y", "B": "x", "C": "y"}


def test_lists_and_matrices(tmp_path: Path, kg: KnowledgeGraph) -> None:
    ties = written(
        tmp_path, "t.csv", "Source;Target;Type;Weight;note\na;b;Undirected;2;x\nb;c;Undirected;1;\n"
    )
    network = kg.network(ties)
    assert not network.is_directed()
    assert network.edges["a", "b"] == {"weight": 2, "kind": "tie", "note": "x"}
    square = written(tmp_path, "m.csv", ",a,b,c\na,0,1,0\nb,1,0,0\nc,0,0,0\n")
    network = kg.network(square)
    assert (sorted(network), list(network.edges), network.is_directed()) == (
        ["a", "b", "c"],
        [("a", "b")],
        False,
    )
    arcs = kg.network(written(tmp_path, "d.csv", ",a,b\na,0,2\nb,1,0\n"))
    assert dict(arcs.edges) == {
        ("a", "b"): {"weight": 2, "kind": "tie"},
        ("b", "a"): {"weight": 1, "kind": "tie"},
    }
    modes = kg.network(written(tmp_path, "i.csv", ",x,y\na,1,0\nb,1,1\n"))
    assert sorted(modes.edges) == [("a", "x"), ("b", "x"), ("b", "y")]
    assert modes.nodes["x"]["mode"] == "column"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("source,target\na,b\nb\n", "bad.csv:3: 1 cells, but the header names 2 columns."),
        ("source,target,weight\na,b,2\nb,c,many\n", "bad.csv:3: ?weight: found 'many', expected"),
        ("source,target,weight\na,b,0\n", "bad.csv:2: ?weight: found '0', expected a number"),
        ("source,target\na,\n", "bad.csv:2: target: found nothing, expected a name."),
        (",a,b\na,0,1\nc,1,0\n", "not square (2 rows, 2 columns): on one side only is b, c."),
        (",a,b\na,0,1\na,1,0\n", "bad.csv:3: the row 'a' has no name or stands twice."),
        ("who,where\nx,y\n", "bad.csv:2: found 'y', expected a number of a matrix; a list of"),
        ("source,target\n", "bad.csv:1: found no ties, expected lines below the headings."),
    ],
)  # fmt: skip
def test_a_bad_table_is_told_with_its_line(
    text: str, said: str, tmp_path: Path, kg: KnowledgeGraph
) -> None:
    path = written(tmp_path, "bad.csv", text)
    with pytest.raises(SourceError) as raised:
        kg.network(path)
    assert said in str(raised.value)


def test_years_that_cannot_be_are_left_out_and_told(tmp_path: Path, kg: KnowledgeGraph) -> None:
    path = written(
        tmp_path, "t.csv", "source,target,start,end\na,b,soon,\nb,c,2003,1999\na,c,1999,\n"
    )
    with pytest.warns(UserWarning, match=r"years of 2 rows") as told:
        network = kg.network(path)
    assert "?start: found 'soon', expected a year such as 1998 or a date (line 2)" in str(
        told[0].message
    )
    assert "?start 2003 is after ?end 1999 (line 3)" in str(told[0].message)
    assert [network.edges[tie].get("start") for tie in ("ab", "bc", "ac")] == [None, None, 1999]


def test_a_file_has_no_parameters(tmp_path: Path, kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="leave them out for a file"):
        kg.network(written(tmp_path, "t.csv", PARTS), case="x")


def test_projecting_needs_two_modes(tmp_path: Path, kg: KnowledgeGraph) -> None:
    with pytest.raises(SourceError, match="needs two modes"):
        kg.network(written(tmp_path, "t.csv", "source,target\na,b\n"), project="newman")


@pytest.mark.whole
def test_all_networks_in_a_folder(tmp_path: Path) -> None:
    earlier = written(tmp_path, "nets/actors.gexf", "that of yesterday")
    done = run("network", "--all", "-o", tmp_path / "nets", "-m", "none")
    assert done.exit_code == 0, done.output
    assert len(nx.read_gexf(earlier)) == 104
    names = {path.stem for path in (tmp_path / "nets").iterdir()}
    assert names >= {"actors", "kinds", "participation", "causal"}
    assert "give a folder with -o" in str(run("network", "--all").exception)
    assert "Which network?" in str(run("network").exception)


@pytest.mark.parametrize("name", ["actors", "participation", "causal", "cases"])
def test_networkx_writes_a_network_as_it_is(name: str, kg: KnowledgeGraph, tmp_path: Path) -> None:
    network = kg.network(name)
    network.measures("degree,betweenness")
    writers = {
        nx.write_gexf: nx.read_gexf,
        nx.write_graphml: nx.read_graphml,
        nx.write_gml: nx.read_gml,
    }
    for write, read in writers.items():
        write(network, tmp_path / "net")
        again = read(tmp_path / "net", **({"label": "id"} if read is nx.read_gml else {}))
        assert (len(again), again.number_of_edges()) == (len(network), network.number_of_edges())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pajek has no numbers
        nx.write_pajek(network, tmp_path / "net.net")
    nx.node_link_graph(nx.node_link_data(network, edges="links"), edges="links")


def test_the_face_of_a_network(kg: KnowledgeGraph, tmp_path: Path) -> None:
    network = kg.network("actors")
    assert isinstance(network, nx.Graph)
    table = network.measures(["degree", "betweenness"])
    assert table.columns == ("id", "label", "degree", "betweenness")
    degrees = dict(network.degree())
    assert {str(row["id"]): row["degree"] for row in table} == degrees
    assert network.node_table().columns[:2] == ("id", "label")
    assert network.edge_table().columns[:2] == ("source", "target")
    assert len(network.edge_table().rows) == network.number_of_edges()
    assert network.figures()["nodes"] == len(network)
    (path,) = network.save(tmp_path / "actors.gexf", size_by="betweenness")
    assert len(nx.read_gexf(path)) == len(network)
    assert network._repr_svg_().startswith("<?xml")
    part = network.subgraph(list(network)[:9]).copy()
    assert type(part) is type(network)
    assert part.node_table().columns[:2] == ("id", "label")
    other = io.BytesIO()
    nx.write_gexf(part, other)


def test_an_undated_event_leaves_the_years_of_the_dated(tmp_path: Path, kg: KnowledgeGraph) -> None:
    path = written(tmp_path, "p.csv", "actor,event,year\nA,x,1999\nB,x,1999\nA,y,\nB,y,\n")
    tie = kg.network(path, project="co-membership").edges["A", "B"]
    assert (tie["weight"], tie["start"], tie["end"]) == (2, 1999, 1999)
    late = kg.network(path, project="co-membership", start=2005).edges["A", "B"]
    assert late["shared"] == "y"
    assert set(kg.network(path, start=2005, undated=False)) == set()


ROLES = "actor,event,role\nAnna,F,chair\nBen,F,member\nCem,F,member\nDora,F,treasurer\n"
BOARDS = "A,F,chair\nB,F,member\nC,F,treasurer\nD,G,chair\nE,G,member\nA,G,guest\n"


@pytest.mark.parametrize("heading", ["role", "kind", "relation", "type"])
@pytest.mark.parametrize(("project", "weight"), [("co-membership", 1), ("newman", 1 / 3)])
def test_members_of_a_group_are_tied_whatever_their_roles(
    heading: str, project: str, weight: float, tmp_path: Path, kg: KnowledgeGraph
) -> None:
    path = written(tmp_path, "t.csv", ROLES.replace("role", heading))
    network = kg.network(path, project=project)
    assert sorted(network.edges) == [
        ("Anna", "Ben"), ("Anna", "Cem"), ("Anna", "Dora"), ("Ben", "Cem"), ("Ben", "Dora"),
        ("Cem", "Dora"),
    ]  # fmt: skip
    tie = network.edges["Anna", "Ben"]
    assert (tie["weight"], tie["kind"]) == (pytest.approx(weight), "co-membership")
    assert tie["membership" if heading == "kind" else heading] == "chair + member"
    done = run("network", path, "--project", project, "-f", "gexf")
    assert done.stdout.count("<edge id=") == 6


def test_a_member_in_two_roles_is_one_member(tmp_path: Path, kg: KnowledgeGraph) -> None:
    path = written(tmp_path, "t.csv", "actor,event,role\nA,F,chair\nA,F,member\nB,F,member\n")
    network = kg.network(path, project="newman")
    assert dict(network.edges)["A", "B"]["weight"] == 1  # 1/(2 members - 1)


def notes_of(network: Any) -> list[str]:
    with pytest.warns(GovgraphWarning) as told:
        network.chance(20)
    return [str(each.message) for each in told if "pair" in str(each.message)]


def test_chance_deals_memberships_as_they_are_projected(tmp_path: Path, kg: KnowledgeGraph) -> None:
    """Only pairs that times keep apart are said to be: not those of other roles."""
    roles = kg.network(
        written(tmp_path, "r.csv", "actor,event,role\n" + BOARDS), project="co-membership"
    )
    assert (roles.number_of_edges(), notes_of(roles)) == (6, [])
    table = "actor,event,year\nA,F,1990\nB,F,1990\nC,F,1995\nC,G,1990\nB,G,1990\nD,G,1990\n"
    timed = kg.network(written(tmp_path, "y.csv", table), project="co-membership")
    assert notes_of(timed) == [
        "1 pair with a group in common, but at no time both in it: tied in random networks"
    ]
    timed.remove_edge("C", "D")
    assert notes_of(timed)[1:] == [
        "1 pair with a group in common, but no tie: tied in random networks"
    ]
    rows = "\n".join('("{}" "{}" "{}")'.format(*row.split(",")) for row in BOARDS.split())
    query = written(
        tmp_path, "kinds.rq",
        "#+ network: {project: co-membership, nodes: null}\nSELECT ?source ?target ?kind"
        f' {{ VALUES (?source ?target ?kind) {{ {rows} ("Z" "F" "chair") ("Z" "G" "guest") }} }}',
    )  # fmt: skip
    kinds = kg.network(query)  # a query with ?kind ties members of one kind
    assert sorted(kinds.edges(keys=True)) == [("A", "Z", "chair"), ("A", "Z", "guest")]
    assert kinds.nodes["A"]["member_of"] == "F as chair|G as guest"
    assert notes_of(kinds) == []


def test_from_and_to_are_years_beside_actor_and_event(tmp_path: Path, kg: KnowledgeGraph) -> None:
    for ends in ("actor,event", "source,target"):
        path = written(tmp_path, "t.csv", f"{ends},from,to\nA,F,1990,1995\nB,F,1992,1999\n")
        network = kg.network(path)
        assert set(network) == {"A", "B", "F"}
        assert network.edges["A", "F"] == {
            "weight": 1, "kind": "tie", "start": 1990, "end": 1995,
        }  # fmt: skip
    both = kg.network(
        written(tmp_path, "t.csv", "actor,event,from,to\nA,F,1990,1995\nB,F,1992,1999\n"),
        project="co-membership",
    )
    assert (both.edges["A", "B"]["start"], both.edges["A", "B"]["end"]) == (1992, 1995)
    alone = kg.network(written(tmp_path, "t.csv", "from,to\nA,F\n"))
    assert list(alone.edges) == [("A", "F")]


@pytest.mark.parametrize(
    ("headings", "doubted", "meant"),
    [
        ("source,target,actor,event", "'actor', 'event'", "source is 'source', target is 'target'"),
        ("actor,event,role,type", "'type'", "kind is 'role'"),
        ("actor,event,start,year", "'year'", "start is 'start'"),
    ],
)
def test_headings_in_doubt_are_told(
    headings: str, doubted: str, meant: str, tmp_path: Path
) -> None:
    path = written(tmp_path, "t.csv", f"{headings}\nA,F,1990,1995\n")
    done = strictly("network", path)
    assert done.exit_code == 1
    (line,) = [line for line in done.stderr.splitlines() if "two ways" in line]
    assert f"t.csv:1: {doubted} can be read in two ways: " in line
    assert meant in line


def test_weights_of_memberships_are_left_out_with_a_word(tmp_path: Path) -> None:
    for text in ("actor,event,weight\nA,F,5\nB,F,2\n", ",E,F\nA,5,3\nB,2,4\n"):
        path = written(tmp_path, "w.csv", text)
        done = strictly("network", path, "--project", "newman")
        assert done.exit_code == 1
        assert "w.csv: weights of memberships are left out" in done.stderr
    for text in ("actor,event,weight\nA,F,1\nB,F,1\n", ",E,F\nA,1,1\nB,0,1\n"):
        path = written(tmp_path, "w.csv", text)
        assert strictly("network", path, "--project", "newman").exit_code == 0


def test_a_format_of_tables_without_a_file_shows_the_table(tmp_path: Path) -> None:
    path = written(tmp_path, "t.csv", ROLES)
    figures = json.loads(run("network", path, "-f", "json").stdout)
    first = figures["results"]["bindings"][0]
    assert (first["figure"]["value"], first["value"]["value"]) == ("nodes", "5")
    degrees = run("network", path, "-f", "csv", "-m", "degree").stdout.splitlines()
    assert degrees[:2] == ["id,label,degree", "Anna,Anna,1"]
    assert run("network", path, "-f", "gexf").stdout.startswith("<?xml")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": 5}, "name: found 5 (int), expected a stored network such as 'actors', or a"),
        ({"start": "1990"}, "start: found '1990' (str), expected a year such as 1990."),
        ({"start": True}, "start: found True (bool), expected a year such as 1990."),
        ({"end": 1990.5}, "end: found 1990.5 (float), expected a year"),
        ({"undated": "no"}, "undated: found 'no' (str), expected True or False."),
        ({"lang": 5}, "lang: found 5 (int)"),
        ({"unit": 5}, "unit: found 5 (int), expected one of arrangement, case, kind."),
        ({"relation": 5}, "relation: found 5 (int), expected names of relations."),
        ({"project": 5}, "project: found 5 (int), expected one of co-membership, newman."),
        ({"project": "newmann"}, "there is no projection 'newmann'. Did you mean 'newman'?"),
        ({"project": "foo"}, "no projection 'foo'. There are: co-membership, newman."),
    ],
)
def test_what_is_no_argument_of_a_network_is_named(
    given: dict[str, Any], said: str, kg: KnowledgeGraph
) -> None:
    with pytest.raises(UsageError) as raised:
        kg.network(**{"name": "part.csv", **given})
    assert said in str(raised.value)


def test_what_is_no_argument_of_its_methods_is_named(kg: KnowledgeGraph, tmp_path: Path) -> None:
    network: Any = kg.network("sectors")
    for wrong, said in (
        (lambda: network.measures(5), "names: found 5"),
        (lambda: network.measures(["degree", 5]), "names: found 5"),
        (lambda: network.chance("10"), r"networks: found '10' \(str\), expected how many"),
        (lambda: network.beside_chance("coordinator", "10"), "networks: found '10'"),
        (lambda: network.caption("x"), "networks: found 'x'"),
        (lambda: network.save(tmp_path / "x.gexf", size_by=5), "No node has '5' to size it by"),
        (lambda: network.save(tmp_path / "x.gexf", format=5), "no network format 5"),
        (lambda: kg.queries["founder-of"], "There is no 'founder-of' here. Did you mean 'founders"),
        (lambda: kg.networks["nix"], "There is no 'nix' here. There are: actors, "),
    ):
        with pytest.raises(UsageError, match=said):
            wrong()
    assert kg.queries.get("nix") is None


def test_a_network_says_what_it_is_and_what_to_call(kg: KnowledgeGraph) -> None:
    lines = repr(kg.network("sectors")).splitlines()
    assert lines[0].startswith("<Network sectors: Sectors that meet in the same arrangements")
    assert lines[1].startswith(f"{len(kg.network('sectors'))} nodes, ")
    assert len(lines) == 3
    assert ".measures()" in lines[2]
    assert repr(type(kg.network("sectors"))()).startswith("<Network : of no query>\n0 nodes, 0 tie")
