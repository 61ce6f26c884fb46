"""The standard streams, in whatever state they come: closed, full, with nobody at the other end."""

import errno
import io
import os
import sys
from typing import Any

from govgraph.errors import GovgraphError


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
