"""Tables of cases -> statements, column by column: CSV, TSV and Parquet.

reading   file -> columns of distinct cells
header    names of the columns -> the nodes a row describes
coding    columns -> statements, checked against the context and the ontology as YAML is
"""

from govgraph.coding.tables.coding import CodedTable, code_table
from govgraph.coding.tables.reading import TABLES, Table, read_table

__all__ = ["TABLES", "CodedTable", "Table", "code_table", "read_table"]
