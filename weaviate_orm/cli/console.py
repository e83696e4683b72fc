"""What all commands share: where they write, and what becomes of an error."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import typer
from rich.console import Console

from weaviate_orm.errors import WeaviateError

__all__ = ["console", "print_json", "reporting_errors"]

P = ParamSpec("P")
R = TypeVar("R")


def console(*, error: bool = False) -> Console:
    """Give what writes for people: to the terminal, or the standard error."""
    return Console(stderr=error, highlight=False, soft_wrap=True)


def print_json(value: object) -> None:
    """Write one line of JSON for programs, at once."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def reporting_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Let an error of this library be a message and exit code 1; others are mistakes of ours and keep their traceback."""

    @functools.wraps(command)
    def run(*arguments: P.args, **options: P.kwargs) -> R:
        try:
            return command(*arguments, **options)
        except WeaviateError as error:
            console(error=True).print("[red]error:[/red] ", end="")
            console(error=True).print(str(error), markup=False)
            raise typer.Exit(1) from error

    return run
