"""Which calls are sent again, how often and how long: a flow, so that no clock and no thread is in it.

Only two failures pass by themselves: a server that says it cannot serve now, and a connection that broke. Both are retried only for
calls that may be sent twice. A failure of the very first connection is never retried: waiting does not repair a wrong port.
"""

from __future__ import annotations

import math
import random as random_module
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from weaviate_orm.errors import ConfigurationError, ServerUnavailableError, ServerUnreachableError
from weaviate_orm.flows.connect import CONNECT
from weaviate_orm.wire.call import Call, Flow, GrpcCall, pause

__all__ = ["Retry", "retrying"]

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Retry:
    """How often and how long a call that may be repeated is tried. ``Retry(attempts=1)`` never repeats.

    The delay doubles from ``first_delay`` up to ``max_delay``; a random share of it, at most ``jitter``, is left out so that clients
    do not return in step.

    Attributes:
        attempts: how often a call is sent at most, the first time included.
        first_delay: seconds before the second attempt.
        max_delay: seconds between two attempts at most.
        jitter: share of a delay that may be left out, 0 to 1.
        budget: seconds from the first attempt after which no further one starts.

    Raises:
        ConfigurationError: a number is out of its range.
    """

    attempts: int = 5
    first_delay: float = 0.1
    max_delay: float = 5.0
    jitter: float = 0.5
    budget: float = 30.0

    def __post_init__(self) -> None:
        if isinstance(self.attempts, bool) or self.attempts < 1:
            raise ConfigurationError(f"Retry.attempts counts the first try, so it is 1 or more, not {self.attempts!r}.")
        for name in ("first_delay", "max_delay", "budget"):
            seconds: float = getattr(self, name)
            if not (math.isfinite(seconds) and seconds >= 0):
                raise ConfigurationError(f"Retry.{name} is a number of seconds, 0 or more, not {seconds!r}.")
        if not 0 <= self.jitter <= 1:
            raise ConfigurationError(f"Retry.jitter is a share from 0 to 1, not {self.jitter!r}.")

    def delay(self, attempt: int, random: float) -> float:
        """Give the seconds to wait after the failed ``attempt`` (the first is 1), ``random`` being from 0 to 1."""
        # The exponent is bounded so that a policy of thousands of attempts does not overflow a float.
        longest = min(self.max_delay, self.first_delay * 2.0 ** min(attempt - 1, 64))
        return longest * (1 - self.jitter * random)


def retrying(
    call: Call[R],
    policy: Retry,
    *,
    random: Callable[[], float] = random_module.random,
    clock: Callable[[], float] = time.monotonic,
) -> Flow[R]:
    """Send ``call`` again while the server is away, as far as ``policy`` and the call allow.

    Raises:
        ServerUnavailableError, ServerUnreachableError: the last attempt's error; its message then says how many were made.
    """
    repeatable = call.rpc.repeatable if isinstance(call, GrpcCall) else call.repeatable
    started = clock()
    attempt = 1
    while True:
        try:
            reply: R = yield call  # what ask() does, without a generator more for every query
            return reply
        except (ServerUnavailableError, ServerUnreachableError) as error:
            if not repeatable or error.operation == CONNECT:
                raise
            delay = policy.delay(attempt, random())
            elapsed = clock() - started
            if attempt >= policy.attempts or elapsed + delay > policy.budget:
                if attempt > 1:
                    error._reword(f"{error.message} Gave up after {attempt} attempts in {elapsed:.1f} s.")
                raise
        yield from pause(delay)
        attempt += 1
