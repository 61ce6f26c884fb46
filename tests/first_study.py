"""The bundled study, of which many tests ask what they know the answers to."""

from pathlib import Path

from govgraph.coding.study import Study

STUDY = "https://w3id.org/govgraph/security-alliances/"
"""Its base: what the IRIs of its own things begin with."""
LANGUAGES = ("en", "es")
"""The languages that its pages are made in."""
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
NAMED = Study(Path("town"), STUDY, (), {"en": "A town"}, licence=LICENCE)
"""A study at that base that has a name to publish under."""
READING = "reading the bundled study 'security-alliances' (no study.yaml here or above)\n"
"""What commands say on stderr where no study lies."""
