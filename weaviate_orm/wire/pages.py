"""From a statement to the call for a page of results, which keeps the reply until hits or columns are made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from weaviate_orm.expr.nodes import Inclusion
from weaviate_orm.model.info import ModelInfo, VectorInfo
from weaviate_orm.query.page import HitColumn, Page
from weaviate_orm.query.projection import Projection
from weaviate_orm.query.statement import Scope, Statement
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.call import GrpcCall
from weaviate_orm.wire.identity import result_id
from weaviate_orm.wire.search import compile_search

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["compile_page", "table_of"]


def compile_page(
    statement: Statement, scope: Scope, keep: Callable[[Any], bool] | None = None, most: int | None = None
) -> GrpcCall[Page[Any]]:  # the builder knows the class
    """Give the call for a statement; its result is the page of its hits.

    Args:
        statement: the query.
        scope: where it goes.
        keep: leaves out hits whose object it does not want.
        most: take at most so many, of the wanted ones.
    """
    call = compile_search(statement, scope)
    hits_of = call.read
    table = table_of(statement)

    def read(reply: pb.SearchReply) -> Page[Any]:
        results: Sequence[pb.SearchResult] = reply.results
        last = result_id(results[-1].metadata) if results else None
        if keep is None and (most is None or len(results) <= most):
            return Page(results, lambda: hits_of(reply), table, last)
        hits = hits_of(reply)
        wanted = [position for position, hit in enumerate(hits) if keep is None or keep(hit.object)]
        if most is not None and len(wanted) >= most:
            wanted = wanted[:most]
            last = hits[wanted[-1]].id
        kept = [hits[position] for position in wanted]
        return Page([results[position] for position in wanted], lambda: kept, table, last)

    return GrpcCall(call.rpc, call.request, read, call.collection, call.needs)


def table_of(statement: Statement) -> Callable[[Sequence[pb.SearchResult], Sequence[HitColumn]], pa.Table]:
    """Give the function from results of a statement, and names of metadata, to an Arrow table."""
    return _table_of(statement.info, statement.projection, statement.inclusions, statement.vectors)


@lru_cache(maxsize=2048)
def _table_of(
    info: ModelInfo,
    projection: Projection | None,
    inclusions: tuple[Inclusion, ...],
    vectors: tuple[VectorInfo, ...],
) -> Callable[[Sequence[pb.SearchResult], Sequence[HitColumn]], pa.Table]:
    def table(results: Sequence[pb.SearchResult], metadata: Sequence[HitColumn]) -> pa.Table:
        from weaviate_orm.wire.tables import compile_table  # pyarrow is optional

        return compile_table(info, projection, inclusions, vectors)(results, metadata)

    return table
