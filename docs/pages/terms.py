"""docs/terms.md: every key, class, property, code list and goal, from the ontology files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from govgraph.coding.terms import DATE, DECIMAL, INTEGER, URI, Term, load_terms
from govgraph.vocabulary import BASE, GG, OWL, RDF, RDFS, SKOS
from pages.markdown import cell, slug, table
from pages.vocabulary import Entry, Vocabulary, short

DOMAIN: Final = f"{RDFS}domain"
RANGE: Final = f"{RDFS}range"
SUBCLASS: Final = f"{RDFS}subClassOf"
SUBPROPERTY: Final = f"{RDFS}subPropertyOf"
INVERSE: Final = f"{OWL}inverseOf"
TYPE: Final = f"{RDF}type"
TRAITS: Final = {
    f"{OWL}TransitiveProperty": "transitive",
    f"{OWL}SymmetricProperty": "symmetric",
}
HEAD: Final = """\
# Terms

Every word a case file may use: its [keys](#keys), the [classes](#classes) that `type` takes, the
[properties](#properties) behind the keys, the [codes](#codes) that some keys take, and the
[goals and targets](#goals-and-targets) of the United Nations. How to use them is told in
[coding.md](coding.md), how they hang together in [model.md](model.md).

Made by `make docs` from `ontology/`; do not edit it here. All terms lie in the namespace
`https://w3id.org/govgraph/ontology#` (prefix `gg:`).
"""
KEYS_INTRO: Final = """\
A key is the local name of a property. Where the second column is empty, the key goes with things of
any kind. ¹ marks a key of which a thing has one value: two passages that give two need a
[Conflict](coding.md#when-passages-disagree). ⁺ marks a key that is inferred, so that you need not
write it.

"""
PLAIN_KEYS: Final = {
    "id": ("an id, such as `place/bogota`", "What a thing is called, everywhere."),
    "type": ("one or more [classes](#classes)", "What sort of thing it is."),
    "says": ("a list of things", "What a passage states. Stands only in a passage."),
    "broader": (
        "the id of a kind of actor or of a code",
        "Names the wider kind or code it is part of.",
    ),
    "nodes": ("a list of things", "All there is in a registry: a file that is no case."),
}
ANNOTATIONS: Final = {
    "label": "Gives a name in each language, the one that is shown.",
    "altLabel": "Gives a further name in each language.",
    "note": "Gives a remark for the reader.",
    "definition": "Gives a definition.",
    "exactMatch": "Names the same concept in another vocabulary.",
}
LANGUAGE_MAP: Final = "a text per language: `{en: …, es: …}`"
DATATYPES: Final = {
    "@language": LANGUAGE_MAP,
    "@vocab": "the name of a key",
    INTEGER: "a whole number",
    DECIMAL: "a number",
    DATE: "a date, such as `1992-06-09`",
    URI: "an address, such as `https://example.org/`",
}
NESTED: Final = frozenset(
    (
        "participation",
        "nonParticipation",
        "tenure",
        "citation",
        "observation",
        "modelRole",
        "alignment",
        "identityLink",
    )
)
"""Keys whose values hang on one thing only, so that nobody gives them an id."""
KINDS: Final = {"ObjectProperty": "links to a thing", "DatatypeProperty": "holds a value"}


def page() -> str:
    """Return the text of docs/terms.md."""
    vocabulary = Vocabulary()
    classes = vocabulary.groups(("Class",))
    properties = vocabulary.groups(tuple(KINDS))
    schemes = [
        vocabulary.entry(iri)
        for iri in vocabulary.subjects(f"{RDF}type", f"{SKOS}ConceptScheme")
        if iri.startswith(f"{BASE}scheme/")
    ]
    parts = [
        HEAD,
        _contents(classes, properties, schemes),
        "## Keys\n\n" + _keys(vocabulary),
        "## Classes\n\n" + _groups("Classes", classes, lambda e: _class(vocabulary, e)),
        "## Properties\n\n" + _groups("Properties", properties, lambda e: _property(vocabulary, e)),
        "## Codes\n\n" + "\n".join(_scheme(vocabulary, each) for each in schemes),
        "## Goals and targets\n\nThe labels are govgraph's own short wording.\n\n"
        + table(
            ("Code", "English", "Spanish", "German"),
            (
                (f"`sdg:{row['id']}`", *(cell(row[f"label.{tag}"]) for tag in ("en", "es", "de")))
                for row in vocabulary.goals()
            ),
        ),
    ]
    return "\n".join(parts)


def _contents(
    classes: dict[str, list[Entry]], properties: dict[str, list[Entry]], schemes: list[Entry]
) -> str:
    def count(groups: dict[str, list[Entry]]) -> int:
        return sum(map(len, groups.values()))

    def listed(kind: str, groups: dict[str, list[Entry]]) -> str:
        return " · ".join(f"[{name}](#{slug(f'{kind}: {name}')})" for name in groups)

    names = " · ".join(f"[{_code(e)}](#scheme-{_code(e)})" for e in schemes)
    return (
        f"- **{len(load_terms().keys)} keys**\n"
        f"- **{count(classes)} classes**: {listed('Classes', classes)}\n"
        f"- **{count(properties)} properties**: {listed('Properties', properties)}\n"
        f"- **{len(schemes)} code lists**: {names}\n"
    )


def _groups(kind: str, groups: dict[str, list[Entry]], show: Callable[[Entry], str]) -> str:
    return "\n".join(
        f"### {kind}: {name}\n\n" + "\n".join(show(entry) for entry in entries)
        for name, entries in groups.items()
    )


# -- keys ------------------------------------------------------------------------------------------


def _keys(vocabulary: Vocabulary) -> str:
    return KEYS_INTRO + table(("Key", "Belongs to", "Takes", "What it says"), _key_rows(vocabulary))


def _key_rows(vocabulary: Vocabulary) -> Iterator[tuple[str, str, str, str]]:
    for name, term in sorted(load_terms().keys.items(), key=lambda item: item[0].lower()):
        if name in PLAIN_KEYS:
            yield (f"`{name}`", "", *PLAIN_KEYS[name])
            continue
        if name in ANNOTATIONS:
            takes = "an address" if term.kind == "@id" else LANGUAGE_MAP
            yield f"`{name}`", "", takes, ANNOTATIONS[name]
            continue
        mark = "¹" if term.iri in vocabulary.single_valued() else ""
        mark += "⁺" if _inferred(vocabulary, term.iri) else ""
        domains = " or ".join(_class_link(iri) for iri in vocabulary.objects(term.iri, DOMAIN))
        meaning = vocabulary.texts(term.iri, f"{SKOS}definition").get("en", "")
        yield (
            f"[`{name}`](#property-{name}){mark}",
            domains,
            _takes(vocabulary, term),
            cell(meaning),
        )


def _inferred(vocabulary: Vocabulary, iri: str) -> bool:
    inverse = vocabulary.objects(iri, INVERSE)
    chains = [chain for chain in vocabulary.chains(iri) if chain[0] != short(iri)]
    return bool(inverse or chains)


def _takes(vocabulary: Vocabulary, term: Term) -> str:
    """Return what a key takes, in words."""
    if term.kind != "@id":
        return DATATYPES.get(term.kind, "text")
    scheme = vocabulary.code_lists().get(term.iri, "").rpartition("/")[2]
    if scheme:
        return f"a code of [{scheme}](#scheme-{scheme})"
    ranges = vocabulary.objects(term.iri, RANGE)
    if ranges == [f"{SKOS}Concept"]:
        return "a [code](#codes)"
    if term.name in NESTED:
        return f"{_a(ranges[0])}, its keys written right here"
    return " or ".join(f"the id of {_a(each)}" for each in ranges) or "any id"


def _a(class_iri: str) -> str:
    article = "an" if short(class_iri)[0] in "AEIOU" else "a"
    return f"{article} {_class_link(class_iri)}"


# -- entries ---------------------------------------------------------------------------------------


def _class_link(iri: str) -> str:
    name = short(iri)
    return f"[{name}](#class-{name})" if iri.startswith(GG) else f"`{name}`"


def _property_link(iri: str) -> str:
    name = short(iri)
    return f"[{name}](#property-{name})" if iri.startswith(GG) else f"`{name}`"


def _texts(entry: Entry, anchor: str) -> list[str]:
    english, spanish = entry.label.get("en", ""), entry.label.get("es", "")
    lines = [
        f'<a id="{anchor}"></a>**`{entry.name}`** · {english} · *{spanish}*\\',
        f"{entry.definition.get('en', '')}\\",
        f"*{entry.definition.get('es', '')}*",
        "",
    ]
    if entry.example:
        lines.append(f"- Example: {entry.example.get('en', '')}")
    return lines


def _listed(title: str, links: Iterable[str]) -> list[str]:
    shown = ", ".join(links)
    return [f"- {title}: {shown}"] if shown else []


def _class(vocabulary: Vocabulary, entry: Entry) -> str:
    own = [iri for iri in vocabulary.objects(entry.iri, SUBCLASS) if iri.startswith(GG)]
    lines = _texts(entry, f"class-{entry.name}")
    lines += _listed("A kind of", map(_class_link, own))
    narrower = [iri for iri in vocabulary.subjects(SUBCLASS, entry.iri) if iri.startswith(GG)]
    lines += _listed("Kinds of it", map(_class_link, narrower))
    lines += _listed("Inferred for whatever", [" and ".join(vocabulary.conditions(entry.iri))])
    lines += _listed("Keys", map(_property_link, vocabulary.subjects(DOMAIN, entry.iri)))
    lines += _listed("Value of", map(_property_link, vocabulary.subjects(RANGE, entry.iri)))
    lines += _listed("Elsewhere", (f"`{name}`" for name in vocabulary.aligned(entry.iri)))
    return "\n".join(lines) + "\n"


def _property(vocabulary: Vocabulary, entry: Entry) -> str:
    iri = entry.iri
    lines = _texts(entry, f"property-{entry.name}")
    lines += _listed("Belongs to", map(_class_link, vocabulary.objects(iri, DOMAIN)))
    term = load_terms().keys.get(entry.name)
    if term is not None:
        lines += _listed("Takes", [_takes(vocabulary, term)])
    own = [each for each in vocabulary.objects(iri, SUBPROPERTY) if each.startswith(GG)]
    lines += _listed("Implies", map(_property_link, own))
    inverses = {*vocabulary.objects(iri, INVERSE), *vocabulary.subjects(INVERSE, iri)}
    lines += _listed("Inverse of", map(_property_link, sorted(inverses)))
    chains = (" then ".join(map(_step, chain)) for chain in vocabulary.chains(iri))
    lines += _listed("Inferred from", chains)
    traits = (word for kind, word in TRAITS.items() if kind in vocabulary.objects(iri, TYPE))
    lines += _listed("Trait", traits)
    lines += _listed("Elsewhere", (f"`{name}`" for name in vocabulary.aligned(iri)))
    return "\n".join(lines) + "\n"


def _step(name: str) -> str:
    return f"`{name}`" if ":" in name else f"[{name}](#property-{name})"


def _code(entry: Entry) -> str:
    return entry.iri.rpartition("/")[2]


def _scheme(vocabulary: Vocabulary, scheme: Entry) -> str:
    name = _code(scheme)
    users = sorted(p for p, s in vocabulary.code_lists().items() if s == scheme.iri)
    rows = []
    for iri in vocabulary.subjects(f"{SKOS}inScheme", scheme.iri):
        entry = vocabulary.entry(iri)
        broader = [short(each) for each in vocabulary.objects(iri, f"{SKOS}broader")]
        within = f" Part of `{broader[0]}`." if broader else ""
        rows.append(
            (
                f"`{entry.name}`",
                cell(entry.label.get("en", "")),
                cell(entry.label.get("es", "")),
                cell(entry.definition.get("en", "")) + within,
            )
        )
    used = ", ".join(map(_property_link, users))
    return (
        f'### <a id="scheme-{name}"></a>{scheme.label.get("en", name)}'
        f" · {scheme.label.get('es', name)}\n\n"
        f"{scheme.definition.get('en', '')}"
        f"{f' Taken by {used}.' if used else ''}\n\n"
        + table(("Code", "English", "Spanish", "Meaning"), rows)
    )
