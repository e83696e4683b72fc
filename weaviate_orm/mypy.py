"""A mypy plugin for projects that also use pydantic's: list it before ``pydantic.mypy``.

pydantic's plugin turns inherited descriptor fields into plain ones, so that ``Article.title`` declared on a base class becomes a ``str``.
This plugin claims every subclass of ``WeaviateModel`` before it does, and leaves the class as mypy itself understands it. Projects
without pydantic's plugin need none::

    [tool.mypy]
    plugins = ["weaviate_orm.mypy", "pydantic.mypy"]
"""

from __future__ import annotations

from collections.abc import Callable

from mypy.nodes import TypeInfo
from mypy.plugin import ClassDefContext, Plugin

__all__ = ["WeaviateModelPlugin", "plugin"]

_BASE = "weaviate_orm.model.base.WeaviateModel"


class WeaviateModelPlugin(Plugin):
    """Leaves the fields of ``WeaviateModel`` classes to mypy."""

    def get_base_class_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        """Claim the classes that have ``WeaviateModel`` among their bases; the first plugin to answer is the only one asked."""
        symbol = self.lookup_fully_qualified(fullname)
        if symbol is None or not isinstance(symbol.node, TypeInfo):
            return None
        return _leave if any(base.fullname == _BASE for base in symbol.node.mro) else None


def _leave(context: ClassDefContext) -> None:
    """Change nothing."""


def plugin(version: str) -> type[Plugin]:
    """Give mypy the plugin, whatever its version."""
    return WeaviateModelPlugin
