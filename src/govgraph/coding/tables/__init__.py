"""Tables of cases -> statements, row by row: CSV, TSV and Parquet.

reading   file -> rows of cells
header    names of the columns -> the places of cells in what a row says
coding    rows -> statements, checked against the context and the ontology as YAML is
"""

from govgraph.coding.tables.coding import code_table
from govgraph.coding.tables.reading import TABLES, Table, read_table

__all__ = ["TABLES", "Table", "code_table", "read_table"]
