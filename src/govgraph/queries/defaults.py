"""What a stored query is asked of where nobody says: taken from the data at hand.

A parameter with `default: data` stands in its file as UNDEF, so that the query answers for all
things in any tool. Asked here without it, the query is asked of what gives it the most answers, of
several alike the first by IRI: a full answer wherever there is one, the same each time. With
`default: gg:Arrangement`, only of members of that class.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import cast

from pyoxigraph import Literal

from govgraph.queries.parameters import Argument, Parameter, Resolver, resolve_iri
from govgraph.queries.running import View, run
from govgraph.queries.sparql import DataTerm, Terms, groups, outline, with_values
from govgraph.queries.stored import StoredQuery
from govgraph.rdf.terms import Term
from govgraph.vocabulary import RDF, RDFS, SKOS


class Defaults:
    """The defaults that one graph gives, each looked up once.

    `language` is that of labels, "" where each query has its own.
    """

    def __init__(self, view: View, language: str = ""):
        self._view, self._language = view, language
        self._found: dict[tuple[str, tuple[str, ...]], Terms] = {}

    def bind(
        self, query: StoredQuery, arguments: Mapping[str, Argument], resolve: Resolver = resolve_iri
    ) -> str:
        """Return the SPARQL text of a query with arguments, and what the data give besides.

        Raises as `terms` does.
        """
        return with_values(query.text, self.terms(query, arguments, resolve))

    def terms(
        self, query: StoredQuery, arguments: Mapping[str, Argument], resolve: Resolver = resolve_iri
    ) -> Terms:
        """Return the RDF terms of arguments, and what the data give besides.

        Raises as `StoredQuery.terms` does.
        """
        terms = query.terms(arguments, resolve)
        return {**terms, **self.missing(query, terms)}

    def missing(self, query: StoredQuery, terms: Terms) -> Terms:
        """Return values for parameters of a query that `terms` gives none; {} where none is found.

        Raises as `run` does.
        """
        others = [each for each in query.parameters.values() if each.name not in terms]
        names = tuple(each.name for each in others if each.from_data is not None)
        key = with_values(query.text, terms), names
        if names and key not in self._found:
            self._found[key] = self._fullest(query, *key)
        return {**self._spoken(others), **(self._found[key] if names else {})}

    def _spoken(self, parameters: Iterable[Parameter]) -> Terms:
        language = (Literal(self._language),)
        return {
            each.name: language for each in parameters if each.type == "lang" and language[0].value
        }

    def answers(self, query: StoredQuery) -> bool:
        """Tell whether a query has an answer of anything, as it then has with its defaults.

        One that asks another endpoint has none: nobody is asked before a reader wishes it.
        """
        if outline(query.text).has_service:
            return False
        text = with_values(query.text, self._spoken(query.parameters.values()))
        result = run(text, self._view, source=query.path, most=1)
        if result.kind == "ask":  # a no to nothing in particular is no answer
            return bool(result.boolean) or not query.parameters
        return len(result) > 0

    def _fullest(self, query: StoredQuery, text: str, names: tuple[str, ...]) -> Terms:
        """Return the values for which the pattern of a query matches most often."""
        start = outline(text).start
        listed = " ".join(f"?{name}" for name in names)
        # Not all engines answer alike with a table of UNDEF, or with members told by a filter.
        empty = rf"(?i)\bVALUES\s+\?(?:{'|'.join(names)})\s*\{{\s*UNDEF\s*\}}"
        pattern = re.sub(empty, "", next((text[at:to] for at, to in groups(text)), ""))
        counted = run(
            f"{text[:start]}SELECT {listed} (COUNT(*) AS ?answers)"
            f" {{ {{ SELECT DISTINCT * {{ {pattern}\n}} }} }}"
            f" GROUP BY {listed}",
            self._view,
            source=query.path,
            quiet=True,
        )
        classes = [query.parameters[name].from_data for name in names]
        members = [self._members(kind) if kind else None for kind in classes]
        ranked = [
            (-int(answers.value), [str(term) for term in values], values)
            for *values, answers in counted.rows
            if isinstance(answers, Literal)
            and all(
                value is not None and (of is None or value in of)
                for value, of in zip(values, members, strict=True)
            )
        ]
        if not ranked:
            return {}
        *_, best = min(ranked, key=lambda each: each[:2])
        return {name: (cast(DataTerm, term),) for name, term in zip(names, best, strict=True)}

    @cache  # noqa: B019 - as long as the graph
    def _members(self, kind: str) -> frozenset[Term]:
        """Return the members of a class or concept scheme."""
        rows = run(
            f"SELECT DISTINCT ?thing {{ {{ ?thing <{RDF}type>/<{RDFS}subClassOf>* <{kind}> }}"
            f" UNION {{ ?thing <{SKOS}inScheme> <{kind}> }} }}",
            self._view,
            quiet=True,
        ).rows
        return frozenset(term for (term,) in rows if term is not None)
