"""The command ``weaviate-orm``. Each of its commands is a module of its own, which ``application.py`` lists.

typer and rich come with the extra ``cli``; this module is the entry point, and says so where they are missing.
"""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line."""
    try:
        import rich  # noqa: F401  # pyright: ignore[reportUnusedImport]  # whether it is there
        import typer  # noqa: F401  # pyright: ignore[reportUnusedImport]  # as above
    except ImportError as error:
        sys.stderr.write(
            f"weaviate-orm needs {error.name}, which comes with the extra 'cli': pip install 'weaviate-typed-orm[cli]'\n"
        )
        raise SystemExit(1) from None
    from weaviate_orm.cli.application import application

    application()()
