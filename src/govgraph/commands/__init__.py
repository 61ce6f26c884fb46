"""One module per command, each with a `command`; imported when it is run."""
