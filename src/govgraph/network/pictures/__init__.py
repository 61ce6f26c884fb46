"""A networkx graph goes in; its `Style` (positions, sizes, colours), PNG, SVG and PDF come out."""
