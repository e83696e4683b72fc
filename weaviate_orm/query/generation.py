"""What a generative model is asked to make of the results."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Generation"]


@dataclass(frozen=True, slots=True, eq=False)
class Generation:
    """A prompt for each object, a task for all of them, or both."""

    single: str | None
    grouped: str | None
