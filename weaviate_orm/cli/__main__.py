"""``python -m weaviate_orm.cli``, where the command itself is not on the path."""

from __future__ import annotations

from weaviate_orm.cli import main

main()
