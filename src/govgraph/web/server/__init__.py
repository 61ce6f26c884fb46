"""HTTP request -> answer: SPARQL endpoint, stored queries, linked data, pages; it only reads.

`server.create_app` takes a `PublishedGraph`, its public address and `Limits`, and returns an ASGI
application; `server.run` has uvicorn serve it. Queries run in worker processes (`workers`,
`worker`), which a `fork_server` makes and which end where they meet one of the `limits`.
"""
