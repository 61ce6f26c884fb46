"""Groups without a name: who takes part where a participation names a kind of actor.

`participant: actor-kind/police` comes to say, in the graph of its passage, that a group of that
kind takes part: its IRI is made from arrangement and kind, its label is "Kind · Arrangement".
`group: group/x` beside it names a group that is described somewhere. What RDF files say stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cache
from typing import Any, Final

import pyoxigraph as ox

from govgraph.coding.record import Record, slug_of
from govgraph.coding.terms import TYPE, ontology_quads
from govgraph.errors import SourceError
from govgraph.rdf.names import Names
from govgraph.rdf.source_map import Location
from govgraph.vocabulary import GG, RDFS, SKOS

GROUP_CLASS, KIND_CLASS, PARTICIPANT, PARTICIPATION, KIND, GROUP = (
    ox.NamedNode(GG + name)
    for name in ("ActorGroup", "ActorKind", "participant", "participation", "kind", "group")
)
LABEL, BROADER = ox.NamedNode(f"{RDFS}label"), ox.NamedNode(f"{SKOS}broader")


def graphs_with_participants(store: ox.Store) -> set[str]:
    """Return the IRIs of the graphs in which participations stand."""
    quads = store.quads_for_pattern(None, PARTICIPANT, None)
    return {getattr(quad.graph_name, "value", "") for quad in quads}


class Groups:
    """Puts a group wherever a participation names a kind of actor.

    `names` are those of each study, by its base; `languages` those that labels are first looked for
    in; graphs in `left` stay as they are.
    """

    def __init__(
        self,
        store: ox.Store,
        record: Record,
        names: Mapping[str, Names],
        languages: Sequence[str],
        left: Set[str],
    ):
        self.store, self.record, self.languages, self.left = store, record, languages, left
        self.names = sorted(names.items(), key=lambda item: -len(item[0]))
        self.labels = cache(self._labels)
        classes = record.terms.superclasses.items()
        self.kinds = {quad.subject for quad in ontology_quads() if quad.object == KIND_CLASS}
        for class_ in (iri for iri, above in classes if KIND_CLASS.value in above):
            quads = store.quads_for_pattern(None, TYPE, ox.NamedNode(class_))
            self.kinds.update(quad.subject for quad in quads)

    def put(self) -> Iterator[SourceError]:
        """Change the store; yield what is wrong."""
        added: list[ox.Quad] = []
        parts = list(self.store.quads_for_pattern(None, PARTICIPANT, None))
        for part, _, group, graph in list(self.store.quads_for_pattern(None, GROUP, None)):
            if any(self.store.quads_for_pattern(None, PARTICIPATION, part)):
                old = list(self.store.quads_for_pattern(part, PARTICIPANT, None, graph))
                at = self.record.sources.locate(part.value, GROUP.value, graph=graph.value)
                yield from self.wrong(group, [quad.object for quad in old], at or Location("", 0))
                parts = [quad for quad in parts if quad not in old]
                for quad in (ox.Quad(part, GROUP, group, graph), *old):
                    self.store.remove(quad)
                added.append(ox.Quad(part, PARTICIPANT, group, graph))
                added += [ox.Quad(group, KIND, quad.object, graph) for quad in old]
        for quad in parts:
            part, _, kind, graph = quad
            if kind in self.kinds and getattr(graph, "value", "") not in self.left:
                sources, where = self.record.sources, graph.value
                at = sources.locate(part.value, PARTICIPANT.value, graph=where) or Location("", 0)
                arrangement = self.arrangement(part, graph)
                try:
                    group = self.mint(part, kind, arrangement)
                except ValueError as error:
                    yield SourceError(str(error), *at)
                    continue
                sources.add(where, group.value, "", "", at)
                self.store.remove(quad)
                added += [
                    ox.Quad(part, PARTICIPANT, group, graph),
                    ox.Quad(group, TYPE, GROUP_CLASS, graph),
                    ox.Quad(group, KIND, kind, graph),
                ]
                if not self.labels(group):
                    texts = self.label(kind, arrangement)
                    added += [ox.Quad(group, LABEL, text, graph) for text in texts]
        self.store.bulk_extend(added)

    def arrangement(self, part: Any, graph: Any) -> Any:
        """Return what a participation is one in: by its own graph, else by any."""
        here = self.store.quads_for_pattern(None, PARTICIPATION, part, graph)
        anywhere = self.store.quads_for_pattern(None, PARTICIPATION, part)
        quad = next(iter(here), None) or next(iter(anywhere), None)
        return quad.subject if quad else part

    def mint(self, part: Any, kind: Any, arrangement: Any) -> ox.NamedNode:
        """Return the group of a kind in an arrangement; raises ValueError for a name taken."""
        fitting = (names for base, names in self.names if part.value.startswith(base))
        names = next(fitting, self.record.names)
        parts, slug = [f"kind={kind.value}"], slug_of(kind.value, names)
        return ox.NamedNode(self.record.mint(names, "group", arrangement.value, parts, [slug]))

    # -- labels ------------------------------------------------------------------------------------

    def _labels(self, thing: Any) -> dict[str, str]:
        """Return the label of a thing in each language, of several the first by letters."""
        common = (q for q in ontology_quads() if q.subject == thing and q.predicate == LABEL)
        quads = [*self.store.quads_for_pattern(thing, LABEL, None), *common]
        texts = sorted(((q.object.value, q.object.language or "") for q in quads), reverse=True)
        return {language: text for text, language in texts}

    def label(self, kind: Any, arrangement: Any) -> list[ox.Literal]:
        """Return "Kind · Arrangement" in each language in which one of the two has a label.

        Where one has none in a language, that of the study's first language stands for it.
        """
        both = [labels for thing in (kind, arrangement) if (labels := self.labels(thing))]
        result = []
        for language in sorted({language for labels in both for language in labels}):
            order = (language, *self.languages, *sorted({tag for each in both for tag in each}))
            text = " · ".join(next(each[tag] for tag in order if tag in each) for each in both)
            result.append(ox.Literal(text, language=language or None))
        return result

    # -- groups that are named -----------------------------------------------------------------------

    def wrong(self, group: Any, named: list[Any], at: Location) -> Iterator[SourceError]:
        """Yield what is wrong with a group, and with what a participation names beside it."""
        short = self.record.names.shorten
        kinds = [quad.object for quad in self.store.quads_for_pattern(group, KIND, None)]
        types = [quad.object for quad in self.store.quads_for_pattern(group, TYPE, None)]
        if types and GROUP_CLASS not in types:
            remedy = "Name it under `participant`, or give it the `type: ActorGroup`."
            message = f"`group` takes a group of actors, which {short(group.value)!r} is not."
            yield SourceError(f"{message} {remedy}", *at)
        for actor in named:
            what = short(actor.value)
            if actor not in self.kinds:
                message = f"`group` goes with a kind of actor as `participant`, found {what!r}."
                yield SourceError(f"{message} Remove one of the two.", *at)
                continue
            wider = self.wider(actor)
            for kind in kinds:
                if kind not in wider and actor not in self.wider(kind):
                    message = f"{short(group.value)!r} is of the kind {short(kind.value)!r}"
                    remedy = "Take another group, or correct one of the kinds."
                    yield SourceError(f"{message}, not {what!r}. {remedy}", *at)

    def wider(self, kind: Any) -> set[Any]:
        """Return a kind and all that are broader."""
        found, new = set(), [kind]
        while new:
            each = new.pop()
            found.add(each)
            quads = self.store.quads_for_pattern(each, BROADER, None)
            new += [quad.object for quad in quads if quad.object not in found]
        return found
