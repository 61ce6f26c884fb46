"""Work done in a process of its own, which alone ends where the engine dies or takes too long.

Oxigraph runs inside the interpreter: it cannot be interrupted there, a query nested too deep
overflows its stack, and where it panics it takes the process, or the notebook, with it.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import threading
import traceback
from _thread import start_new_thread
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final, TypeVar

from govgraph.errors import GovgraphError, UsageError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

T = TypeVar("T")

_LIMIT: Final[ContextVar[float | None]] = ContextVar("time limit of a query", default=None)
_MOST_NESTED: Final = 150
"""Opening brackets and `!` from which on a query may overflow the stack: what has is 1,000."""
_MOST_LETTERS: Final = 20_000


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Stop each query asked in here at home after some seconds; None sets no other limit."""
    if seconds is not None and not (isinstance(seconds, int | float) and 0 < seconds < 1e6):
        raise UsageError(f"timeout: found {seconds!r}, expected seconds such as 60.")
    token = _LIMIT.set(_LIMIT.get() if seconds is None else seconds)
    try:
        yield
    finally:
        _LIMIT.reset(token)


def guarded(text: str, work: Callable[[], T], *, is_quick: bool = False) -> T:
    """Return what the engine answers to a text; apart where it may die of it or a limit is set.

    What is quick need not be interrupted.
    Raises GovgraphError, with the reason, where it dies or takes too long.
    """
    is_deep = sum(map(text.count, "([{!")) > _MOST_NESTED or len(text) > _MOST_LETTERS
    if not is_deep and "<<" not in text and _LIMIT.get() is None:
        return work() if is_quick else interruptible(work)
    return apart(work, _LIMIT.get())


def interruptible(work: Callable[[], T]) -> T:
    """Return what `work` returns; Ctrl-C leaves it at once, and it ends in a thread by itself.

    While the engine is at work, its own thread hears of no signal.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not (is_main and callable(signal.getsignal(signal.SIGINT))):
        return work()
    outcome: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            outcome.put((work(), None))
        except BaseException as error:
            # Solutions are let go in the thread that made them, or not at all.
            traceback.clear_frames(error.__traceback__)
            outcome.put((None, error))

    start_new_thread(run, ())  # no Thread, which costs as much as a query
    answer, error = outcome.get()
    if error is not None:
        raise error
    return answer  # type: ignore[return-value]


def apart(work: Callable[[], T], seconds: float | None) -> T:
    """Return what `work` returns, or raise what it raises, in a child process.

    Both must be data that pickle takes. Raises GovgraphError where the child dies or is too slow.
    """
    try:
        import multiprocessing

        context = multiprocessing.get_context("fork")
        receiving, sending = context.Pipe(duplex=False)
    except (ImportError, OSError):  # a worker of the server, such a child already, opens nothing
        return work()
    child = context.Process(target=_work, args=(work, sending), daemon=True)
    child.start()
    sending.close()
    answer: Any
    try:
        if not receiving.poll(seconds):
            message = f"it was stopped after {seconds:g} s, the limit: select less, or LIMIT"
            raise GovgraphError(message)
        is_error, answer = receiving.recv()
    except EOFError:
        child.join()
        raise GovgraphError(reason(-(child.exitcode or 0))) from None
    finally:
        child.kill()
        child.join()
        receiving.close()
    if is_error:
        raise answer
    return answer  # type: ignore[no-any-return]


def _work(work: Callable[[], object], sending: Connection) -> None:
    faulthandler.disable()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # where a panic would leave its backtrace
    try:
        sending.send((False, work()))
    except Exception as error:  # all that the work may raise
        sending.send((True, error))


def reason(died_of: int) -> str:
    """Return why a query was not answered, given the signal that its process died of."""
    if died_of in {signal.SIGSEGV, signal.SIGBUS}:
        return "it is nested too deep, or too long, to be read: simplify it"
    if died_of == signal.SIGABRT:
        return "the engine gave up, by a fault of its own or for want of memory: simplify it"
    return "its process was ended from outside: try again, or select less where memory is short"
