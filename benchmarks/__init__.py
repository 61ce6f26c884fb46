"""Measures govgraph beside what a user would write by hand, the reference engines and the floor.

`python -m benchmarks --help` says what can be chosen; docs/performance.md says what was found.
"""
