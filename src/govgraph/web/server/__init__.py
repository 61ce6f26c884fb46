"""HTTP request -> answer: SPARQL endpoint, stored queries, linked data, pages."""
