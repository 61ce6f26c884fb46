"""The graph on the web: in goes a `PublishedGraph`, out come pages, documents and answers.

pages    graph, language -> HTML; pure functions, without a server
server   HTTP request -> answer: SPARQL, stored queries, linked data, pages
site     graph, address -> the files of a static site, and the rules for its host

Server and site say the same things the same way by the modules beside them: `addresses` (where
things are), `negotiation` (what a client wants), `describe` (what is said of a thing, as RDF).
"""
