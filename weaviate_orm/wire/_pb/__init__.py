"""Weaviate's gRPC messages as a flat namespace: ``pb.SearchRequest(...)``, ``pb.Filters.OPERATOR_EQUAL``.

Type checkers read ``__init__.pyi`` instead, which is generated; ``pool.py`` says where the classes come from.
"""

from weaviate_orm.wire._pb.pool import load as _load

POOL, _names = _load(__name__)
globals().update(_names)
