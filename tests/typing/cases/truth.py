"""``bool(condition)`` never returns. What the checkers make of that differs by form; at run time every one of these raises.

pyright refuses a condition where a single truth value is wanted. ``and``, ``or`` and chained comparisons pass, because their type
is that of an operand, which is a condition. mypy passes all of them, and with
``warn_unreachable`` reports what can never be reached after the first.
"""

from typing import Never, assert_type

from weaviate_orm import Condition

from .zoo import Article

long = Article.word_count > 100
named = Article.title == "x"

assert_type(long.__bool__(), Never)


def branch(condition: Condition) -> int:
    """``if`` on a condition."""
    if condition:  # pyright: ignore[reportGeneralTypeIssues]
        return 1
    return 2


def conditional(condition: Condition) -> int:
    """The conditional expression."""
    return 1 if condition else 2  # pyright: ignore[reportGeneralTypeIssues]


def negated(condition: Condition) -> bool:
    """``not``."""
    return not condition  # pyright: ignore[reportGeneralTypeIssues]


def loop(condition: Condition) -> None:
    """``while``."""
    while condition:  # pyright: ignore[reportGeneralTypeIssues]
        pass


def both(one: Condition, other: Condition) -> Condition:
    """``and``: no checker sees it, only the run does."""
    return one and other


def either(one: Condition, other: Condition) -> Condition:
    """``or``: the same."""
    return one or other


def chained() -> Condition:
    """``1 < x < 5`` is ``1 < x and x < 5``: the same."""
    return 1 < Article.word_count < 5
