"""The command line: parse, call the library, print. Data on stdout, everything else on stderr."""

import errno
import gc
import importlib
import io
import os
import signal
import sys
import traceback
import warnings
from contextlib import suppress
from typing import Any, Final

import click

from govgraph.errors import GovgraphError, GovgraphWarning, UsageError, did_you_mean
from govgraph.resources import __version__

COMMANDS: Final = {
    "build": "Read the case files, infer, validate and write the graph.",
    "validate": "Check the graph or single files against the shapes.",
    "queries": "List the stored queries, or check their expected answers.",
    "query": "Answer a stored query, a .rq file or SPARQL from stdin.",
    "claims": "Recompute the study's derived claims from its facts.",
    "explain": "Say why a statement is in the graph.",
    "infer": "Infer over any RDF and OWL files.",
    "networks": "List the stored networks.",
    "network": "Write a network for Gephi and other tools, or its measures.",
    "compare": "Compare cases: what they share, where they differ, on whose word.",
    "push": "Put the graph on a SPARQL store: what changed, whole graphs, verified.",
    "pull": "Write every named graph of a SPARQL store to a file.",
    "diff": "Compare two graphs, from files, folders or stores, by statement.",
    "serve": "Serve the graph: SPARQL endpoint, stored queries as an API, linked data, pages.",
    "publish": "Write the graph as a static site for any web host.",
    "new": "Start a file of your own from a template.",
}
"""Name of each command and its short help."""
MODULES: Final = {
    **dict.fromkeys(("validate", "queries", "query", "claims", "explain", "compare"), "asking"),
    "networks": "network",
    **dict.fromkeys(("build", "publish", "push", "pull", "diff"), "outgoing"),
}
"""The module of `govgraph.commands` that a command stands in, where it is not called as it is."""

ELSEWHERE: Final = {
    "export": "`govgraph build -o DIR` writes the graph as RDF, `pull` that of a store, `query -f`"
    " answers, `network -o` networks."
}
"""What other tools call by a name that is no command here, and what does it."""

FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""Errors of what is written to: a full disk, a quota, a file too large, a broken device."""


class LazyGroup(click.Group):
    """A group that imports a command only when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in reading order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import and return one command."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"govgraph.commands.{MODULES.get(name, name)}")
        command: click.Command = getattr(module, name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; raises UsageError that says which was meant."""
        if args and args[0] not in COMMANDS:
            hint = did_you_mean(args[0], COMMANDS) or " `govgraph --help` lists the commands."
            if args[0] in ELSEWHERE:
                hint = f" {ELSEWHERE[args[0]]}"
            raise UsageError(f"there is no command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="govgraph")
def group() -> None:
    """Coded case studies of public governance as a knowledge graph.

    Every statement leads to the passage it was read in, every inferred one to its rule and
    premises. Exit status: 0 fine, 1 a finding, 2 wrong usage, 3 it could not be done.
    """


def main() -> None:
    """Run the command line and leave with the exit status of the contract."""
    warnings.simplefilter("always", GovgraphWarning)
    warnings.showwarning = _show  # type: ignore[assignment]
    if os.name == "posix" and sys.stdout is sys.__stdout__:
        open_streams()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # but where whoever started it has them ignored
        if (number := getattr(signal, name, None)) and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _interrupt)
    status = _status()
    with suppress(GovgraphError):  # which has been told; Python would try once more as it ends
        sys.stdout.flush()
    if status - 128 in (15, 1):  # SIGTERM, SIGHUP: whoever sent it sees that it died of that
        signal.signal(status - 128, signal.SIG_DFL)
        signal.raise_signal(status - 128)
    gc.freeze()  # the process is over: nobody need look through what is left of it
    sys.exit(status)


class Outlet(io.FileIO):
    """Standard output or error, of which a failure does not stop the work.

    Nobody may read on (`| head`), or read messages at all. That data find no place is an error.
    """

    over = False

    def write(self, data: Any) -> int:
        """Write bytes; returns how many, also where they go nowhere."""
        try:
            return len(data) if self.over else super().write(data)
        except OSError as error:
            self.over = True
            if self.fileno() == 1 and error.errno != errno.EPIPE:
                message = f"the output cannot be written ({error.strerror})."
                raise GovgraphError(f"{message} Free some space, or write elsewhere.") from None
            return len(data)


def open_streams() -> None:
    """Make stdin, stdout and stderr usable; one that is closed is empty, full, or takes all."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:  # else the next file to be opened would get its number
            os.open(os.devnull, os.O_WRONLY if number == 2 else os.O_RDONLY)
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    for number, name in ((1, "stdout"), (2, "stderr")):
        before = getattr(sys, name)
        raw = Outlet(number, "wb", closefd=False)
        stream = io.TextIOWrapper(
            io.BufferedWriter(raw),
            encoding=before.encoding if before else "utf-8",
            errors=before.errors if before else "backslashreplace",
            line_buffering=number == 2 or raw.isatty(),
        )
        setattr(sys, name, stream)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt(number)


def _status() -> int:
    try:
        # Where a command leaves with a status of its own, click hands it back here.
        status: int = group.main(prog_name="govgraph", standalone_mode=False) or 0
        sys.stdout.flush()  # while there is still time to report that it fails
    except (click.Abort, KeyboardInterrupt) as error:
        cause = error.__cause__ or error
        if not isinstance(cause, KeyboardInterrupt):  # click takes the end of a file for that
            return _unforeseen(cause)
        _complain("interrupted. What was not written yet is as it was before.")
        return 128 + next(iter(cause.args), signal.SIGINT)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except GovgraphError as error:
        for line in str(error).splitlines():
            _complain(line)
        return error.exit_code
    except SystemExit:
        raise
    except BaseException as error:  # a panic of Rust is no Exception
        return _unforeseen(error)
    else:
        return status


def _unforeseen(error: BaseException) -> int:
    """Say in a line what nobody foresaw; returns the exit status for it."""
    said = (str(error).splitlines() or [""])[0][:300]
    if os.environ.get("GOVGRAPH_DEBUG"):
        traceback.print_exception(error)
    if isinstance(error, MemoryError):
        _complain("out of memory. What was there before is unchanged.")
    elif isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        full = " Free some space (TMPDIR is where temporary files go)." * (error.errno in FULL)
        _complain(f"{where}{error.strerror}.{full}")
    else:
        _complain(
            f"{type(error).__name__}: {said}. This was not foreseen: please report it, with what"
            " GOVGRAPH_DEBUG=1 shows."
        )
    return 3


def _show(message: Warning, category: type[Warning], *place: object) -> None:
    """Say on stderr what the library warns of; warnings of other packages are for developers."""
    if issubclass(category, GovgraphWarning):
        from govgraph.commands.common import warn

        warn(f"warning: {message}")


def _complain(message: str) -> None:
    click.echo(f"govgraph: {message}", err=True)
