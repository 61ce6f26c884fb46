"""The commands, a module each: options in, one call of the api, data on stdout, exit status out.

`govgraph.cli` imports a command when it is run; `common` has what they share. What a command needs
of the api is imported when it runs, so that its --help stays quick.
"""
