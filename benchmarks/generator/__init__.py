"""Data with the shape of the study, at any size, with errors whose kinds and number are known.

The same seed gives the same data. Case files and N-Quads hold the same statements.
"""

from __future__ import annotations

from benchmarks.generator.files import write_case_files, write_nquads
from benchmarks.generator.plan import Plan, Records, plan_for, records

__all__ = ["Plan", "Records", "plan_for", "records", "write_case_files", "write_nquads"]
