"""A graph -> a static site for any web host: pages, data, dumps, sitemap, rules for its host.

`writing.publish` takes a `PublishedGraph`, a folder and the address of the site; it writes what has
changed, deletes what is no longer made, and returns both.
"""
