"""The page of the data: every file with its length and checksum, what describes it, how to cite."""

import re
from typing import Final

from govgraph.assembly.commons import common_files
from govgraph.vocabulary import BASE
from govgraph.web.pages.catalogue import dumps
from govgraph.web.pages.rendering import View

_KILO: Final = 1000


def render(view: View) -> str:
    """Return the page as HTML."""
    files = dumps(view.graph)
    pairs = [(file, files[f"{name}.gz"]) for name, file in files.items() if f"{name}.gz" in files]
    links, own = view.links, view.study.base.startswith(BASE)
    endpoint = f"{links.public or links.root}sparql" if links.live else links.endpoint
    return view.render(
        "data",
        view.gettext("Data"),
        files=[(big, _size(view, big.size), gz, _size(view, gz.size)) for big, gz in pairs],
        statements=len(view.graph),
        endpoint=endpoint,
        model=[name for name in common_files() if own and "/" not in name],
        void=f"{links.root}void" if links.live else f"{links.root}void.ttl",
        citation=view.citation(),
        bibtex=_bibtex(view),
        documents=[view.graph.names.expand(id_) for id_ in view.study.documents],
    )


def _size(view: View, length: int) -> str:
    """Return a length in kB or MB, as it is written in the language of the page."""
    kilos = length / _KILO
    if kilos < _KILO:
        return f"{view.number(max(round(kilos), 1))} kB"
    return f"{view.number(kilos / _KILO, 1)} MB"


def _bibtex(view: View) -> str:
    """Return how to cite the study, for BibTeX; "" where it says no title."""
    study, title = view.study, view.told_by_study(view.study.title).striptags()
    fields = {
        "author": " and ".join(f"{{{agent.name}}}" for agent in study.creators),
        "title": f"{{{title}}}",
        "year": study.issued[:4],
        "publisher": study.publisher.name if study.publisher else "",
        "version": study.version,
        "url": study.base,
    }
    lines = [f"  {key} = {{{value}}}" for key, value in fields.items() if value]
    key = re.sub(r"[^A-Za-z0-9]+", "-", study.file_name)
    return "@dataset{" + ",\n".join([key, *lines]) + "\n}" if title else ""
