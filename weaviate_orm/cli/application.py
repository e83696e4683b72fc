"""The list of commands. A new one is a module with one function, and a line here."""

from __future__ import annotations

from typing import Annotated

import typer

from weaviate_orm._version import SERVER_VERSION, __version__
from weaviate_orm.cli import serve
from weaviate_orm.cli.console import reporting_errors

__all__ = ["application"]

_COMMANDS = (("serve", serve.serve),)


def application() -> typer.Typer:
    """Make the command line with all commands."""
    app = typer.Typer(
        name="weaviate-orm",
        help="Typed models for the Weaviate vector database.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_options)
    for name, command in _COMMANDS:
        app.command(name)(reporting_errors(command))
    return app


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"weaviate-typed-orm {__version__}, engine as Weaviate {SERVER_VERSION}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    """Typed models for the Weaviate vector database."""
