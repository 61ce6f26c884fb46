"""The bundled study, of which many tests ask what they know the answers to."""

STUDY = "https://w3id.org/govgraph/security-alliances/"
"""Its base: what the IRIs of its own things begin with."""
READING = "reading the bundled study 'security-alliances' (no study.yaml here or above)\n"
"""What commands say on stderr where no study lies."""
