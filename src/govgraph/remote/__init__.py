"""Any SPARQL 1.1 store as the store: its addresses, what is sent to it, and the graph behind it."""
