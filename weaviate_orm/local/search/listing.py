"""Searches without a search: all objects or those that a filter lets through, by id, by age or sorted, page by page.

Without filter and sort rows stand in the order of ids; filtered ones in the order in which they were stored.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

import numpy as np

from weaviate_orm.local.filters.filtering import select
from weaviate_orm.local.filters.sorting import sort_rows
from weaviate_orm.local.objects import Bools, Ints
from weaviate_orm.local.ranking import Ranking
from weaviate_orm.local.refusals import Refused
from weaviate_orm.local.search.plan import Plan, check_page
from weaviate_orm.local.writing.values import uuid_bytes

if TYPE_CHECKING:
    from weaviate_orm.local.storage.shard import Shard

__all__ = ["allowed_rows", "list_page"]


def allowed_rows(plan: Plan, shard: Shard) -> Bools | None:
    """Give the rows that the filter lets through, shape ``(shard.size,)``; ``None`` without a filter.

    Raises:
        Refused: an index is missing, or a value cannot be read.
    """
    if plan.clause is None:
        return None
    return select(plan.database, plan.collection, shard, plan.tenant, plan.clause)


def list_page(plan: Plan, offset: int, limit: int, prefix: str) -> Ranking:
    """Give one page of the listing that a request asks for.

    Args:
        plan: what it asks for.
        offset: rows to leave out in front.
        limit: rows at most.
        prefix: what the server puts in front of what goes wrong here.

    Raises:
        Refused: the page is out of bounds, the tenant is not there, or the filter cannot be answered.
    """
    try:
        check_page(offset, limit)
        try:
            shard = plan.shard()
            rows = _rows(plan, shard, offset + limit)
        except Refused as refusal:
            raise refusal.prefixed(f"object search at index {plan.index}: ") from None
    except Refused as refusal:
        raise refusal.prefixed(prefix) from None
    if plan.request.autocut > 0:  # there are no values to cut at, and the server cuts at the first of none
        rows = rows[:0]
    return Ranking(rows[offset : offset + limit])


def _rows(plan: Plan, shard: Shard, count: int) -> Ints:
    """Give the first rows in order."""
    request = plan.request
    try:
        allowed = allowed_rows(plan, shard)
    except Refused as refusal:
        raise refusal.prefixed(f"local shard object search {plan.shard_id}: ") from None
    if allowed is None:
        rows = shard.in_uuid_order()
    else:
        found = np.flatnonzero(allowed)
        rows = found[np.argsort(shard.sequence[found], kind="stable")]
    if request.sort_by:
        keys = [
            key for key in request.sort_by if "." not in key.path[0]
        ]  # no row has anything at a path into an object
        return sort_rows(shard, rows, keys, limit=count) if keys else rows[:count]
    start = bisect_right(rows, uuid_bytes(request.after), key=shard.id_at) if request.after else 0
    return rows[start : start + count]
