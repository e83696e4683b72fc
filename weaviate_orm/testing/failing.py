"""Errors on demand, so that applications can test what they do about them."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock

from weaviate_orm.errors import WeaviateError
from weaviate_orm.testing.intercepting import AnyCall, AnySession, Ending, intercepted, operation_of

__all__ = ["failing"]


@contextmanager
def failing(
    session: AnySession, error: WeaviateError, *, operation: str | None = None, times: int | None = None
) -> Generator[None]:
    """Let calls of a session of either colour raise an error in place of being sent::

        with failing(session, RequestTimeoutError("No reply within 30 s."), operation="Search"):
            assert render_front_page(session) == "Please try again later."

    The session does with it what it does with a server's: it repeats a call that met ``ServerUnavailableError``.

    Args:
        error: what is raised.
        operation: which calls, as ``RecordedCall.operation`` names them; all when left out.
        times: how many of these calls; all when left out.
    """
    lock = Lock()
    left = times

    def take() -> bool:
        nonlocal left
        if left is None:
            return True
        with lock:
            left -= 1
            return left >= 0

    def fail(call: AnyCall) -> tuple[AnyCall, Ending]:
        if operation in (None, operation_of(call)) and take():
            raise error
        return call, _unheeded

    with intercepted(session, fail):
        yield


def _unheeded(error: BaseException | None) -> None:
    pass
