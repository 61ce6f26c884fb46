"""YAML that is hostile or odd: a line each, quickly, and never a statement lost."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govgraph.coding import yaml_lines
from govgraph.coding.cases import load
from govgraph.coding.study import Sources
from govgraph.coding.yaml_lines import LocatedMap, LocatedScalar, parse_yaml, plain_data
from govgraph.errors import SourceError
from govgraph.queries.header import read_header
from hostile_files import CASE, refused
from own_study import EXAMPLE

BOMB = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)
DEEP = "[" * 100_000

REFUSED = {
    BOMB: (1, "found the anchor '&a0'"),
    "&a [*a]\n": (1, "found the anchor '&a'"),
    "id: case/x\nabout: &a\n  about: *a\n": (2, "found the anchor '&a'"),
    "id: case/x\nabout: *a\n": (2, r"found the alias '\*a'"),
    "id: case/x\n<<: {type: Case}\n": (2, "unknown key '<<'"),
    "id: !!python/object/apply:os.system [ls]\n": (1, "found the tag"),
    "id: case/x\ntype: !!str Case\n": (2, "found the tag 'tag:yaml.org,2002:str'"),
    "id: case/x\ntype: !foo Case\n": (2, "found the tag '!foo'"),
    "id: case/x\nlabel: !!binary aGk=\n": (2, "found the tag"),
    "id: case/x\n---\nid: case/y\n": (2, "a second document after '---'"),
    DEEP: (1, "more than 50 levels|not YAML"),
    "{a: " * 60 + "1" + "}" * 60: (1, "more than 50 levels"),
    "hello\n": (1, "must start with keys .* found a text"),
    "42\n": (1, "must start with keys .* found a text"),
    "- a\n- b\n": (1, "must start with keys .* found a list"),
    "": (None, "the file is empty"),
    "# nothing\n": (None, "the file is empty"),
    "---\n...\n": (None, "the file is empty"),
    "null\n": (None, "the file is empty"),
    "? [a, b]\n: c\n": (1, "a key must be a word"),
    "id: case/x\nid: case/y\n": (2, "stands twice"),
    "id: case/x\ntype: Case\n\tlabel: x\n": (3, "a tab indents this line"),
    "id: case/x\nlabel: {en: a\x07b}\n": (2, r"the character U\+0007"),
    "id: case/x\ntype: Case\nlabel: {en: 'a\u2028b', xx9: c}\n": (3, "no language tag"),
    "id: case/x\nlabel: {en: 'a\x85\x85b'}\ntyp: Case\n": (3, "unknown key 'typ'"),
    "id: case/x\nlabel: {en: 'é\u2029é'}\ntyp: Case\n": (3, "unknown key 'typ'"),
    "id: case/x\ntype: [Case, {x: y}]\n": (2, "takes the name of a class"),
    "%YAML 9.9\n---\nid: case/x\n": (1, "not YAML"),
    "id: case/x\nlabel: |\n  text\n typ: x\n": (4, "not YAML"),
    "id: 'case/x\n": (2, "not YAML"),
    "&anchor id: case/x\n": (1, "found the anchor"),
    "id: case/x\nlabel: {en: &x }\n": (2, "found the anchor"),
    "nodes: {nodes: {nodes: x}}\n": (1, "takes a list of nodes|unknown key|no `id`"),
    "id: ~\ntype: Case\n": (1, "takes a name"),
}


@pytest.mark.parametrize("text", REFUSED, ids=range(len(REFUSED)))
def test_what_nobody_writes_is_a_line(tmp_path: Path, text: str) -> None:
    line, message = REFUSED[text]
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8", newline="")
    before = time.process_time()
    with pytest.raises(SourceError, match=message) as raised:
        load(Sources(data=(path,)))
    assert time.process_time() - before < 5
    first = getattr(raised.value, "errors", [raised.value])
    assert line in {error.line for error in first}
    assert all(len(each) < 700 for each in str(raised.value).splitlines())


@pytest.mark.parametrize(
    "content",
    [
        "summary: &a [x]\nquestion: *a", "tags: !!set {a, b}", "summary: &x y", BOMB,
        "summary: a\n---\nsummary: b",
    ],
)  # fmt: skip
def test_headers_of_queries_have_the_same_reader(content: str) -> None:
    header = "\n".join(f"#+ {line}" for line in content.splitlines())
    with pytest.raises(SourceError, match=r"^q\.rq:[12]: found (the|a second)") as raised:
        read_header(f"{header}\nSELECT * {{ ?s ?p ?o }}", "q.rq")
    assert len(str(raised.value)) < 300


@pytest.mark.parametrize("letter", ["\u2028", "\x85", "\u2029", "\x0c", "\x0b"])
def test_no_other_line_end_shifts_or_breaks_a_header(letter: str) -> None:
    text = f"#+ summary: \"a{letter}b\"\n#+ question: ''\n#+ summry: x\nSELECT * {{}}"
    with pytest.raises(SourceError, match=r"q\.rq:(1|3)") as raised:
        read_header(text, "q.rq")
    assert "\n" not in str(raised.value)


def test_a_value_of_a_header_is_typed_as_before() -> None:
    text = """
a: 1
b: "1"
c: 1.5
d: true
e: 2020-01-02
f: ~
g: [x, 'y', 0x10, yes]
h: {i: >-
  folded
  text}
"""
    text = text.replace("{i: >-\n  folded\n  text}", "{i: text}")
    assert plain_data(parse_yaml(text, "x")) == yaml.safe_load(text)
    with pytest.raises(ValueError, match="day"):
        plain_data(parse_yaml("a: 2020-02-31", "x"))


@pytest.mark.parametrize(
    ("name", "value", "text", "message"),
    [
        ("MOST_TEXT", 100, "a: " + "x" * 100, "more than"),
        ("MOST_VALUES", 100, "a: [" + "x, " * 100 + "]", "more than 100 values"),
        ("DEEPEST", 3, "[[[[a]]]]", "more than 3 levels"),
    ],
)
def test_bounds_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: int, text: str, message: str
) -> None:
    monkeypatch.setattr(yaml_lines, name, value)
    with pytest.raises(SourceError, match=message):
        parse_yaml(text, "x.yaml")
    (tmp_path / "x.yaml").write_text(text)
    with pytest.raises(SourceError, match=f"x.yaml.*{message}"):
        yaml_lines.read_yaml(tmp_path / "x.yaml", "x.yaml")


def test_a_text_that_no_engine_reads_again_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("id: case/x\nlabel: {en: '" + "é" * 4_100_000 + "'}\n", encoding="utf-8")
    assert refused(path).startswith(f"{path}:2: found a text or name of more than 8 MB.")


def test_texts_come_in_one_form_of_unicode() -> None:
    tree = parse_yaml("labe\u0301l: cafe\u0301", "x")
    assert isinstance(tree, LocatedMap)
    [(key, _, value)] = tree.items()
    assert key == "lab\u00e9l"
    assert isinstance(value, LocatedScalar)
    assert value.text == "caf\u00e9"


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.recursive(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), max_size=20),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abcé", min_size=1), inner),
    max_leaves=20,
))  # fmt: skip
def test_what_yaml_holds_is_read_as_pyyaml_reads_it(data: object) -> None:
    text = yaml.safe_dump(data, allow_unicode=True)
    if "&id" in text or data in ("", [], {}) or "\t" in text:
        return
    import json
    import unicodedata

    expected = json.loads(unicodedata.normalize("NFC", json.dumps(data, ensure_ascii=False)))
    assert plain_data(parse_yaml(text, "x")) == expected


# -- the coder on mutated files ------------------------------------------------------------------

WHOLE = [CASE, *(p.read_text("utf-8") for p in sorted((EXAMPLE / "cases").glob("*.yaml")))]
PIECES = [
    "*a", "&a ", "!!str ", "<<: ", "---\n", "\t", "\x00", "\u2028", "é", "e\u0301", "[", "]", "{",
    "}", ": ", "- ", "#", "'", '"', "|\n", ">\n", "\n", "  ", "%2F", "..", "id: ", "type: Case\n",
    "null", "~", "1999", "\ufeff", "\u202e", "x" * 5000,
]  # fmt: skip


def mutated(text: str, rng: random.Random) -> str:
    for _ in range(rng.randint(1, 4)):
        at, end = sorted(rng.randrange(len(text) + 1) for _ in range(2))
        end = min(end, at + rng.choice([0, 1, 5, 60]))
        piece = rng.choice([*PIECES, text[at:end], ""])
        text = text[:at] + piece + text[end:]
    return text


def check_mutations(tmp_path: Path, seeds: range) -> None:
    """Never a traceback; `load` itself raises where a statement that was coded got lost."""
    for seed in seeds:
        rng = random.Random(seed)
        path = tmp_path / "x.yaml"
        path.write_text(mutated(rng.choice(WHOLE), rng), encoding="utf-8", newline="")
        said = ""
        try:
            load(Sources(data=(path,)))
        except SourceError as error:
            said = str(error)
        assert "got lost" not in said, seed
        assert all(line.isprintable() for line in said.split("\n")), (seed, said)


def test_the_coder_on_mutated_files(tmp_path: Path) -> None:
    check_mutations(tmp_path, range(150))


@pytest.mark.whole
def test_the_coder_on_many_mutated_files(tmp_path: Path) -> None:
    check_mutations(tmp_path, range(1000, 6000))


@settings(max_examples=30, derandomize=True, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.binary(max_size=300))
def test_any_bytes(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(raw)
    with pytest.raises(SourceError):
        load(Sources(data=(path,)))
