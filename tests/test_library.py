"""The library as a notebook uses it: what is public, what it takes, what it shows."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import pickle
import re
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import networkx as nx
import numpy as np
import pandas as pd
import pyoxigraph as ox
import pytest
import rdflib
from pydantic import TypeAdapter

import govgraph
from govgraph.cli import COMMANDS
from govgraph.errors import GovgraphError, RemoteError, SourceError, SourceErrors, UsageError
from govgraph.vocabulary import GG, OWL

if TYPE_CHECKING:
    from collections.abc import Callable

    from govgraph import KnowledgeGraph

ROOT = Path(__file__).parents[1]
BASE = "https://w3id.org/govgraph/security-alliances/"
YEARS = "SELECT ?s ?y { ?s gg:startYear ?y }"
LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(?c = ?f || ?a = ?e) }"

CALLS = {
    "build": "KnowledgeGraph.write", "validate": "KnowledgeGraph.validate",
    "queries": "KnowledgeGraph.queries", "query": "KnowledgeGraph.query",
    "claims": "KnowledgeGraph.claims", "explain": "KnowledgeGraph.explain",
    "infer": "infer", "networks": "KnowledgeGraph.networks", "network": "KnowledgeGraph.network",
    "compare": "KnowledgeGraph.compare", "push": "KnowledgeGraph.push",
    "pull": "KnowledgeGraph.at", "diff": "KnowledgeGraph.diff", "serve": "KnowledgeGraph.app",
    "publish": "KnowledgeGraph.publish", "new": "start_study",
}  # fmt: skip
"""Command -> what of the public library does the same."""


class TestPublic:
    @pytest.mark.parametrize("command", COMMANDS)
    def test_every_command_is_in_the_library(self, command: str) -> None:
        found: Any = govgraph
        for name in CALLS[command].split("."):
            found = getattr(found, name)
        assert found.__doc__
        assert CALLS[command].split(".")[-1] in (ROOT / "docs" / "python.md").read_text("utf-8")

    def test_what_is_public_is_listed_and_the_rest_is_an_error(self) -> None:
        assert {"open", "KnowledgeGraph", "RemoteError", "Result"} < set(dir(govgraph))
        assert all(getattr(govgraph, name) for name in dir(govgraph))
        assert govgraph.open.__name__ == "open"
        scope: dict[str, Any] = {}
        exec("from govgraph import *", scope)
        assert "open" not in scope.keys() - {"__builtins__"}
        with pytest.raises(AttributeError, match="opne"):
            govgraph.opne  # type: ignore[attr-defined]  # noqa: B018

    @pytest.mark.whole
    def test_a_misspelt_name_is_found_by_mypy(self, tmp_path: Path) -> None:
        (tmp_path / "use.py").write_text(
            "import govgraph\n"
            "kg = govgraph.open(['a.ttl'])\n"
            "name: str = kg.query('founders-of', {'lang': 'en'}).column('name', str)[0].upper()\n"
            "year = kg.query('timeline')[0]['year']\n"
            "kg.explain('x')[0].premises\n"
            "kg.compare('bogota').to_pandas()\n"
            "govgraph.opne()\n"
        )
        check = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), "use.py"]
        run = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True, check=False)
        [error] = run.stdout.splitlines()[:-1]
        assert error.startswith('use.py:7: error: Module has no attribute "opne"')

    def test_import_is_light_and_the_module_runs(self) -> None:
        script = "import sys, govgraph; print(*sys.modules)"
        loaded = subprocess.check_output([sys.executable, "-c", script], text=True)
        assert not {"pyoxigraph", "pandas", "typing", "click"} & set(loaded.split())
        assert subprocess.check_call([sys.executable, "-m", "govgraph", "--version"]) == 0


class TestAsking:
    BE_SPP = f"{BASE}actor/be-spp"

    @pytest.mark.parametrize(
        "value",
        [
            "actor/be-spp", BE_SPP, f"<{BE_SPP}>", rdflib.URIRef(BE_SPP), ox.NamedNode(BE_SPP),
            ["actor/be-spp"], ("actor/be-spp",), {"actor/be-spp"}, pd.Series(["actor/be-spp"]),
            np.array(["actor/be-spp"]), (name for name in ["actor/be-spp"]),
        ],
    )  # fmt: skip
    def test_a_variable_takes_what_one_holds(self, kg: KnowledgeGraph, value: object) -> None:
        assert sorted(kg.query(YEARS, s=value).column("y", int)) == [1992, 2002]

    def test_numbers_texts_and_names_that_python_does_not_take(self, kg: KnowledgeGraph) -> None:
        assert kg.query(YEARS, {"y": np.int64(1998)}) == kg.query(YEARS, y=1998)
        labels = "SELECT ?query { ?query rdfs:label ?timeout }"
        label = rdflib.Literal("El Tiempo", lang="es")
        assert kg.query(labels, {"timeout": label}).scalars() == [f"{BASE}actor/el-tiempo"]
        assert kg.query(YEARS, s=None) == kg.query(YEARS)
        evil = ox.Literal('x" } DROP ALL #', language="en")
        assert len(kg.query(labels, params={"timeout": evil})) == 0
        with pytest.raises(UsageError, match=r"timeout=El Tiempoo: .* A text is a Literal of"):
            kg.query(labels, params={"timeout": "El Tiempoo"})

    def test_it_is_bound_before_anything_is_counted(self, kg: KnowledgeGraph) -> None:
        counted = "SELECT (COUNT(?s) AS ?n) WHERE { ?s gg:startYear ?y } GROUP BY ?y"
        assert kg.query(counted, y=1998).one()["n"] == len(kg.query(YEARS, y=1998))
        made = "CONSTRUCT { ?s rdfs:comment ?y } WHERE { ?s gg:startYear ?y }"
        assert len(kg.query(made, y=1998)) == len(kg.query(YEARS, y=1998))

    def test_stored_queries_and_rows_go_in_as_they_come(self, kg: KnowledgeGraph) -> None:
        founders = kg.query(kg.queries["founders-of"])
        assert founders == kg.query("founders-of")
        term = founders.rows[0][0]
        assert kg.explain(term, "rdf:type") == kg.explain("actor/chamber-of-commerce-bogota", "a")
        assert kg.compare("bogota").result == kg.compare(["bogota"]).result

    def test_columns_come_as_written_and_graphs_stay_sorted(self, kg: KnowledgeGraph) -> None:
        assert kg.query("SELECT * { ?s gg:startYear ?o }").columns == ("s", "o")

    @pytest.mark.parametrize(
        ("ask", "said"),
        [
            (lambda kg: kg.query(5), "query: found 5 (int), expected the name of a stored query"),
            (lambda kg: kg.query(YEARS, z=1), "has no parameter 'z'"),
            (lambda kg: kg.query(YEARS, timeout="1"), "timeout: found '1', expected seconds"),
            (lambda kg: kg.explain("no such"), "no such: nothing has that name."),
            (lambda kg: kg.compare(view := "bogotaa"), "'bogotaa': nothing of gg:Case has"),
            (lambda kg: kg.compare().table("matrxi"), "no view 'matrxi'. Did you mean 'matrix'?"),
            (lambda kg: kg.write("x.xlsx"), "path: found 'x.xlsx', expected a folder, or a file"),
            (lambda kg: kg.query(YEARS, 5), "params: found 5 (int), expected a dictionary"),
            (lambda kg: kg.query(YEARS, s=[]), "s: no value given, expected names, IRIs, numbers"),
            (lambda kg: kg.query(YEARS, s=b"x"), "s=b'x': nothing has that name."),
            (lambda kg: kg.compare(5), "cases: found 5 (int), expected ids or names of cases"),
            (lambda kg: kg.write(5), "path: found 5 (int), expected a file or a folder"),
            (lambda kg: kg.publish(5), "folder: found 5 (int), expected a folder to write"),
            (lambda kg: kg.diff(5), "other: found 5 (int), expected another graph"),
            (lambda kg: kg.push(5), "endpoint: found 5 (int), expected the address of a SPARQL"),
            (lambda kg: kg.app(5), "url: found 5 (int), expected the address"),
            (lambda kg: kg.compare(lang=5), "lang: found 5 (int), expected a language tag"),
            (lambda kg: kg.compare("bogota", 5), "features: found 5 (int), expected names"),
            (lambda kg: kg.validate().at_least("warning"), "severity: found 'warning', expected"),
            (lambda kg: kg.validate().to_shacl("x"), "format: found 'x', expected ttl, "),
            (lambda kg: govgraph.infer(5), "quads: found 5 (int), expected statements"),
            (lambda kg: govgraph.open(endpoint=5), "endpoint: found 5 (int), expected the address"),
            (lambda kg: govgraph.open(5), "data: found 5 (int), expected paths, Turtle as text"),
            (lambda kg: govgraph.open("http://x.example/q"), "is an address: a SPARQL store is"),
        ],
    )
    def test_what_does_not_fit_is_named(
        self, kg: KnowledgeGraph, ask: Callable[[KnowledgeGraph], object], said: str
    ) -> None:
        with pytest.raises(UsageError, match=re.escape(said)):
            ask(kg)

    @pytest.mark.usefixtures("kg")
    def test_ctrl_c_leaves_a_query_at_once(self) -> None:
        script = (
            "import govgraph\nkg = govgraph.open(); kg.query('cases'); print('asks', flush=True)\n"
            f"try: kg.query({LONG!r})\nexcept KeyboardInterrupt: print(len(kg.query('cases')))"
        )
        run = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
        assert run.stdout is not None
        assert run.stdout.readline() == "asks\n"
        time.sleep(0.5)
        run.send_signal(signal.SIGINT)
        start = time.monotonic()
        assert run.stdout.read() == "13\n"
        assert time.monotonic() - start < 15
        assert run.wait() == 0


class TestFaces:
    def test_a_proof_prints_as_its_tree(self, kg: KnowledgeGraph) -> None:
        proofs = kg.explain("instrument/bogota-como-vamos", "gg:involves", "actor/el-tiempo")
        lines = repr(proofs).splitlines()
        assert lines[0] == "instrument/bogota-como-vamos gg:involves actor/el-tiempo"
        assert lines[2].startswith("  ├─ instrument/bogota-como-vamos gg:participation")
        link = f'<a href="{BASE}passage/3.3/3">passage/3.3/3</a>'
        assert link in proofs._repr_html_()
        assert json.loads(json.dumps(proofs[0].to_dict()))["rule"] == "prp-spo2"
        assert repr(kg.explain("actor/el-tiempo", "gg:nothing")) == "no proof"

    def test_everything_is_shown_short_and_says_what_to_call(self, kg: KnowledgeGraph) -> None:
        shown = (
            kg, kg.claims(), kg.compare(), kg.queries, kg.networks, kg.explain("actor/el-tiempo"),
            kg.query("SELECT * { ?s ?p ?o }"),
        )  # fmt: skip
        for each in shown:
            assert 20 < len(str(each)) < 30_000, type(each)
            assert len(each._repr_html_()) < 120_000, type(each)
        assert all("<a href=" in each._repr_html_() for each in (kg, kg.claims(), shown[-1]))
        assert ".query(name)" in repr(kg)
        assert str(kg.queries["founders-of"]).endswith("Ask it: kg.query('founders-of', …)")

    def test_tables_of_all_kinds_join_by_the_same_ids(self, kg: KnowledgeGraph) -> None:
        frame = kg.query("takes-part-in", actor="actor-kind/universities").to_pandas()
        members = kg.network("participation").nodes
        assert set(frame["arrangement"]) <= set(members)
        claims, cases = kg.claims(), kg.compare().to_pandas()
        rows = claims.result  # noqa: F841  (which DuckDB finds by its name)
        passages = set(kg.query("SELECT ?p { ?p a gg:Passage }").to_pandas()["p"])
        assert set(claims.to_pandas()["passage"]) - {None} <= passages
        assert list(cases.columns[:2]) == ["feature", "belgium"]
        assert duckdb.sql("SELECT count(*) FROM rows").fetchall() == [(len(claims),)]
        assert isinstance(kg.network("actors"), nx.Graph)

    def test_what_fastapi_writes_of_a_result_is_its_dict(self, kg: KnowledgeGraph) -> None:
        # FastAPI has pydantic write what a function is annotated to return
        for table in (kg.query("founders-of"), kg.claims(), kg.compare("bogota")):
            adapter: TypeAdapter[Any] = TypeAdapter(type(table))
            assert json.loads(adapter.dump_json(table)) == table.to_dict()
            assert adapter.json_schema(mode="serialization")["type"] == "object"


class TestData:
    RDF = "@prefix ex: <https://example.org/> . ex:a ex:p ex:b ; a ex:C ."

    def test_a_graph_text_or_frame_makes_a_new_graph(self, tmp_path: Path) -> None:
        (tmp_path / "x.ttl").write_text(self.RDF)
        given = rdflib.Graph().parse(data=self.RDF)
        frame = pd.DataFrame({"id": ["actor/z"], "type": ["Actor"], "label.en": ["Zed"]})
        ask = "ASK { <https://example.org/a> <https://example.org/p> ?o }"
        first = govgraph.open(given, bundled=False)
        assert first.query(ask)
        more = first.with_data(frame)
        assert more.query("SELECT ?x { ?x rdfs:label 'Zed'@en }").to_dicts() == [{"x": "actor/z"}]
        assert not first.query("ASK { ?x rdfs:label 'Zed'@en }")
        assert more.query(ask)
        for data in (self.RDF, tmp_path / "x.ttl", [str(tmp_path / "x.ttl")]):
            assert govgraph.open(data, bundled=False).query(ask)

    def test_a_folder_with_nothing_to_read_is_an_error(self, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("x")
        with pytest.raises(SourceError, match="nothing to read in this folder"):
            govgraph.open(tmp_path)

    def test_a_file_that_is_not_read_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "a.ttl").write_text("<urn:a> <urn:b> <urn:c> .", "utf-8")
        (tmp_path / "b.xlsx").write_text("x", "utf-8")
        with pytest.warns(govgraph.GovgraphWarning, match=r"not read: .*b\.xlsx\. Save each"):
            govgraph.open(tmp_path, bundled=False)

    def test_one_file_or_a_folder_is_written(self, tmp_path: Path) -> None:
        small = govgraph.open(self.RDF, bundled=False)
        assert small.write(tmp_path / "x.nq") == [tmp_path / "x.nq"]
        assert len(small.write(tmp_path / "all")) == 4
        assert (tmp_path / "x.nq").read_bytes() == (tmp_path / "all" / "govgraph.nq").read_bytes()
        assert small.diff(govgraph.open(self.RDF, bundled=False)) == []

    def test_prefixes_are_bound_for_rdflib(self) -> None:
        said = "gg:Actor a owl:Class"
        dataset = govgraph.open(f"PREFIX gg: <{GG}> PREFIX owl: <{OWL}> {said} .", bundled=False)
        assert list(dataset.dataset.query(f"SELECT ?x {{ {said} BIND(1 AS ?x) }}"))


def founders(kg: KnowledgeGraph) -> int:
    return len(kg.query("founders-of"))


def fails(path: str) -> None:
    raise SourceErrors([SourceError("unknown key 'labl'", path, 3)])


class TestProcesses:
    def test_what_one_holds_pickles(self, kg: KnowledgeGraph) -> None:
        proofs = kg.explain("instrument/bogota-como-vamos", "gg:involves")
        network = kg.network("sectors")
        tables = (network.measures("degree"), network.node_table(), network.edge_table())
        tables += (network.chance(5), network.beside_chance("betweenness", 5), kg.queries.result)
        for each in (
            kg.query("founders-of"), kg.claims(), kg.compare(), kg.queries, proofs, kg, network,
            *tables,
        ):  # fmt: skip
            again = pickle.loads(pickle.dumps(each))
            assert str(again) == str(each), type(each)
        assert len(pickle.dumps(kg)) < 10_000
        for error in (
            RemoteError("bad", "http://x.example", 500), SourceError("m", "p", 3, 4),
            SourceErrors([SourceError("m", "p", 3)]), UsageError("x"),
        ):  # fmt: skip
            again = pickle.loads(pickle.dumps(error))
            assert str(again) == str(error)
            assert vars(again).keys() == vars(error).keys()

    @pytest.mark.parametrize("way", ["fork", pytest.param("spawn", marks=pytest.mark.whole)])
    def test_processes_and_threads_share_a_graph(self, kg: KnowledgeGraph, way: str) -> None:
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context(way)) as pool:
            assert pool.submit(founders, kg).result() == 4
            with pytest.raises(SourceErrors, match=r"x\.yaml:3: unknown key 'labl'"):
                pool.submit(fails, "x.yaml").result()
        assert asyncio.run(asyncio.to_thread(founders, kg)) == 4

    def test_what_the_cache_lost_is_built_anew(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GOVGRAPH_CACHE", str(tmp_path / "cache"))
        (tmp_path / "x.ttl").write_text(TestData.RDF)
        govgraph.open(tmp_path / "x.ttl", bundled=False)
        opened = [govgraph.open(tmp_path / "x.ttl", bundled=False) for _ in range(2)]
        shutil.rmtree(tmp_path / "cache")
        assert len(opened[0]) == len(opened[0].store) > 1
        (tmp_path / "x.ttl").write_text("")
        shutil.rmtree(tmp_path / "cache")
        with pytest.raises(GovgraphError, match="is gone or damaged, and its files changed"):
            opened[1].query("ASK { ?s ?p ?o }")


def test_a_report_is_shown_as_a_table_and_pickles() -> None:
    told = "<https://example.org/x> a <https://w3id.org/govgraph/ontology#Programme> ."
    report = govgraph.open(told, bundled=False).validate()
    assert "HasLabel" in str(report)
    assert list(report.to_pandas()["severity"].unique()) == ["Violation"]
    assert str(pickle.loads(pickle.dumps(report))) == str(report)
    graph = rdflib.Graph().parse(data=report.to_shacl(), format="turtle")
    assert len({*graph.objects(None, rdflib.SH.result)}) == len(report.results)
