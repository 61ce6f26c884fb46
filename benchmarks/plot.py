"""Results as a picture: CPU seconds over statements, both logarithmic, a panel for each stage."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from benchmarks.results import Results

PANELS: Final = {
    "build": "Whole build",
    "load": "Load",
    "reason": "Reason (OWL 2 RL)",
    "validate": "Validate (SHACL)",
}
# Okabe and Ito's colours, which colour-blind readers can tell apart; shapes repeat the difference
ENGINES: Final = {
    "govgraph": ("#0072B2", "o"),
    "by hand": ("#D55E00", "s"),
    "reference": ("#CC79A7", "^"),
    "floor": ("#666666", "x"),
}
NAMES: Final = {
    "govgraph": "govgraph",
    "by hand": "rdflib, owlrl and pySHACL by hand",
    "reference": "owlrl or pySHACL through govgraph",
    "floor": "Oxigraph's bulk load of the file",
}


def draw(results: Results, path: Path) -> None:
    """Write an SVG; the same results give the same bytes. Needs matplotlib."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "govgraph", "font.size": 9, "svg.fonttype": "none"})
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 2, figsize=(8, 6.4), layout="constrained", sharex=True)
    for (stage, title), axis in zip(PANELS.items(), axes.flat, strict=True):
        for engine, (colour, marker) in ENGINES.items():
            points = results.series(stage, engine)
            if points:
                xs, ys = zip(*points, strict=True)
                axis.plot(xs, ys, color=colour, marker=marker, label=NAMES[engine], markersize=5)
        axis.set(title=title, xscale="log", yscale="log")
        axis.grid(visible=True, color="#e5e5e5")
        axis.spines[["top", "right"]].set_visible(False)
    for axis in axes[1]:
        axis.set_xlabel("statements")
    for axis in axes[:, 0]:
        axis.set_ylabel("seconds of CPU")
    shown: dict[str, Any] = {}
    for axis in axes.flat:
        handles, labels = axis.get_legend_handles_labels()
        shown |= dict(zip(labels, handles, strict=True))
    order = [name for name in NAMES.values() if name in shown]
    figure.legend(
        handles=[shown[name] for name in order],
        labels=order,
        loc="outside lower center",
        ncols=2,
        frameon=False,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, format="svg", metadata={"Date": None})
    plt.close(figure)
