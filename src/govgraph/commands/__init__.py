"""The commands: options in, one call of the api, data on stdout, exit status out.

`govgraph.cli` knows in which module each stands and imports it when it is run; `common` has what
they share. What a command needs of the api is imported when it runs, so that --help stays quick.
"""
