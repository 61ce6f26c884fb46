"""The beginning of `govgraph` and of `python -m govgraph`."""

import signal


def main() -> None:
    """Run the command line; until it is loaded, and when it is over, Ctrl-C ends it silently."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from govgraph import cli

    try:
        cli.main()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    main()
