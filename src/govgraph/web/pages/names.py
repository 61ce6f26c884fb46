"""Names of things in one language: their labels, and names made for what has no label."""

import re
from collections.abc import Iterable
from typing import Final

from govgraph.texts import N_, fits, translations
from govgraph.vocabulary import BASE, GG
from govgraph.web.pages.reading import Reading, natural

_LABELS: Final = ("rdfs:label", "skos:prefLabel", "dcterms:title")
_FOREIGN: Final = {
    "rdf:type": N_("is a"),
    "rdfs:label": N_("label"),
    "rdfs:comment": N_("note"),
    "skos:prefLabel": N_("preferred label"),
    "skos:altLabel": N_("other name"),
    "skos:definition": N_("definition"),
    "skos:notation": N_("notation"),
    "skos:inScheme": N_("in the code list"),
    "skos:topConceptOf": N_("top of the code list"),
    "skos:broader": N_("broader"),
    "skos:exactMatch": N_("exact match"),
    "skos:closeMatch": N_("close match"),
    "skos:Concept": N_("Code"),
    "skos:ConceptScheme": N_("Code list"),
    "sdgo:Goal": N_("Goal of the United Nations"),
    "sdgo:Target": N_("Target of the United Nations"),
    "sdgo:Indicator": N_("Indicator of the United Nations"),
    "sdgo:isTargetOf": N_("target of"),
}
"""What properties of other vocabularies are called on pages: foreign terms get no label of ours."""
_GRAPHS: Final = {
    "graph/ontology": N_("Ontology"),
    "graph/inferred": N_("Inferred statements"),
    "graph/metadata": N_("Metadata"),
}
_EDITORIAL: Final = "graph/editorial/"
_PASSAGE: Final = "passage/"
_JOINED: Final = {
    "participation": (N_("%(right)s in %(left)s"), "^participation", "participant"),
    "alignment": (N_("%(left)s → %(right)s"), "^alignment", "target"),
    "identity-link": (N_("%(left)s = %(right)s"), "^identityLink", "matches"),
    "tenure": (N_("%(left)s – %(right)s"), "^tenure", "office"),
    "model-role": (N_("%(left)s: %(right)s"), "assignedSector", "assignedRole"),
}
"""Kind of thing -> its name as a pattern, and the properties that lead to both parts of it."""


class Names:
    """Names things in one language; a label is looked up once."""

    def __init__(self, reading: Reading, language: str):
        self.reading, self.language = reading, language
        self.gettext = translations(language).gettext
        self.ngettext = translations(language).ngettext
        self._labels: dict[str, tuple[str, str]] = reading.once(("labels", language), dict)

    @property
    def label_language(self) -> str:
        """The language in which names are asked for: the page's, or else the study's first."""
        spoken = self.reading.graph.study.languages or (self.language,)
        return next((self.language for tag in spoken if fits(self.language, tag)), spoken[0])

    def label(self, iri: str) -> str:
        """Return the label of a thing in the language, else in another, else a name made for it."""
        if iri not in self._labels:
            own, language = self._own_label(iri)
            if own and iri in self.reading.instances("Observation"):
                amount = self._amount(iri)
                own = own if _numbers(amount) <= _numbers(own) else f"{own}: {amount}"
            self._labels[iri] = own or self._made(iri) or self.short(iri), language
        return self._labels[iri][0]

    def language_of(self, iri: str) -> str:
        """Return the language of a thing's label where it says one that is not the page's."""
        self.label(iri)
        return self._labels[iri][1]

    def short(self, iri: str) -> str:
        """Return the short name of a thing, which can be typed on the command line."""
        return self.reading.graph.names.shorten(iri)

    def by_label(self, iris: Iterable[str]) -> list[str]:
        """Return things in the order of their labels."""
        return sorted(iris, key=lambda iri: (natural(self.label(iri)), iri))

    def head(self, column: str) -> str:
        """Return the head of a column: the label of the term of that name, else its words."""
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_", " ", column).lower()
        terms = (f"{GG}{column[:1].upper()}{column[1:]}", f"{GG}{column}")
        said = next((self.label(iri) for iri in terms if iri in self.reading.described), words)
        return said[:1].upper() + said[1:]

    def graph_name(self, iri: str) -> str:
        """Return how a named graph is referred to beside a statement: "§3.3 ¶4" for a passage."""
        base, path = self.split(iri)
        if path.startswith(_PASSAGE):
            return self._passage(base, path)
        if base == BASE and path in _GRAPHS:
            return self.gettext(_GRAPHS[path])
        if path.startswith("graph/reading/"):
            passage = self._passage(base, path.replace("graph/reading/", _PASSAGE, 1))
            return self.gettext("coder's reading of %(passage)s") % {"passage": passage}
        if path.startswith(_EDITORIAL):
            file = path.removeprefix(_EDITORIAL)
            return self.gettext("editorial: %(file)s") % {"file": file}
        return self.short(iri)

    def split(self, iri: str) -> tuple[str, str]:
        """Return the base of a study, or of govgraph, that an IRI lies below, and the rest."""
        bases = (base for base in self.reading.graph.names.bases if iri.startswith(base))
        base = max(bases, key=len, default="")
        return base, iri[len(base) :] if base else ""

    def _own_label(self, iri: str) -> tuple[str, str]:
        """Return the label that a thing has, with its language; "" for none."""
        if slug := self.reading.slugs.get(iri):
            language, summary = self.reading.graph.queries[slug].told("summary", self.language)
            return summary or slug, language
        labels = (self.reading.text(iri, name, self.label_language) for name in _LABELS)
        return next(((text.value, text.language or "") for text in labels if text.value), ("", ""))

    def _passage(self, base: str, path: str) -> str:
        """Return the place of a passage: its section and paragraph, or table, row and column."""
        head, *rest = path.removeprefix(_PASSAGE).split("/")
        paths = ["/".join([head, *rest[: n + 1]]) for n in range(len(rest))]
        parts = [self.part(f"{base}{_PASSAGE}{path}") for path in paths]
        if head.startswith("table-"):
            number = head.removeprefix("table-")
            return ", ".join([self.gettext("Table %(number)s") % {"number": number}, *parts])
        top = f"{base}{_PASSAGE}{head}"
        if head[:1].isdigit():
            parts = [f"§{head}", *parts]
        elif top in self.reading.described or not parts:
            parts = [self._own_label(top)[0] or head, *parts]
        return " ".join(parts)

    def part(self, iri: str) -> str:
        """Return the last part of a passage's path as words: a number is a paragraph or section."""
        slug = iri.rpartition("/")[2]
        if slug.isdigit():
            is_section = iri in self.reading.instances("Section")
            return f"§{slug}" if is_section else f"¶{slug}"
        if iri in self.reading.instances("TableNote"):
            marks = (*self.reading.texts(iri, "printed"), *self.reading.texts(iri, "position"))
            return self.gettext("Note %(mark)s") % {"mark": next(iter(marks), slug)}
        words = slug.replace("-", " ").capitalize()
        place = self.reading.graph.names.by_id(f"place/{slug}")
        return self._own_label(iri)[0] or self._own_label(place)[0] or words

    def _made(self, iri: str) -> str:
        """Return a name for a thing without a label, from what is said of it; "" for none."""
        message = _FOREIGN.get(self.short(iri))
        if message:
            return self.gettext(message)
        kind = self.split(iri)[1].partition("/")[0]
        if kind == "side":  # of a conflict
            words = [f"“{text}”" for text in self.reading.texts(iri, "conflictValue")]
            return " · ".join([*words, self._values(iri, "heldIn")])
        return self.graph_name(iri) if kind in {"graph", "passage"} else self._joined(kind, iri)

    def _joined(self, kind: str, iri: str) -> str:
        if kind == "citation":
            return next(iter(self.reading.texts(iri, "asPrinted")), "")
        if part := self._values(iri, "void:class") or self._values(iri, "void:property"):
            return self.gettext("Part of the data set: %(left)s") % {"left": part}
        if kind in ("observation", "missing-value"):
            return self._counted(iri)
        if kind not in _JOINED:
            return ""
        pattern, *paths = _JOINED[kind]
        left, right = (self._values(iri, path) for path in paths)
        if right.endswith(f" · {left}"):  # a group without a name, called by both already
            return right
        both = self.gettext(pattern) % {"left": left, "right": right}
        return both if left and right else left or right

    def _counted(self, iri: str) -> str:
        measures = self._values(iri, "measure") or ", ".join(
            self._values(data_set, "characterisedBy")
            for data_set in self.reading.iris(iri, "dataSet")
        )
        circumstances = (self._values(iri, "refArea"), self._values(iri, "period"))
        years = self.reading.texts(iri, "year")
        parts = (measures, self._amount(iri), *circumstances, *years)
        return ", ".join(filter(None, parts))

    def _amount(self, iri: str) -> str:
        values = self.reading.texts(iri, "value")
        return " ".join([*values, self._unit(iri) if values else ""]).strip()

    def _unit(self, iri: str) -> str:
        """Return what a number counts in: a currency, or a unit that is more than a number."""
        plain = self.reading.graph.names.by_id("unit/number")
        units = [unit for unit in self.reading.iris(iri, "unit") if unit != plain]
        return ", ".join(self.reading.texts(iri, "currency") or map(self.label, units))

    def _values(self, iri: str, path: str) -> str:
        inverse = path.startswith("^")
        ends = self.reading.subjects(path[1:], iri) if inverse else self.reading.iris(iri, path)
        if path == "target":
            goals = map(self.reading.notation, ends)
            return ", ".join(self.gettext("SDG %(number)s") % {"number": goal} for goal in goals)
        return ", ".join(map(self.label, ends))


def _numbers(text: str) -> set[str]:
    """Return the digits of each number in a text: "1,082" and "1082" are the same."""
    return set(re.findall(r"\d+", re.sub(r"(?<=\d)[.,\s](?=\d)", "", text)))
