"""Streams and pages keep the query's type, and columns have the types of their libraries."""

from collections.abc import AsyncIterator, Iterator
from typing import assert_type
from uuid import UUID

import pandas as pd
import polars as pl
import pyarrow as pa

from weaviate_orm import AsyncQuery, AsyncStream, Hit, Page, Query, Stream

from .zoo import Article, Card


def streams(query: Query[Article], last: UUID) -> None:
    """What a stream gives."""
    stream = query.where(Article.word_count > 1).stream(page_size=100, after=last)
    assert_type(stream, Stream[Article])
    assert_type(iter(stream), Iterator[Hit[Article]])
    assert_type(stream.objects(), Iterator[Article])
    assert_type(stream.pages(), Iterator[Page[Article]])
    assert_type(stream.count(), int)
    assert_type(query.as_(Card).stream(), Stream[Card])
    for hit in stream:
        assert_type(hit.object.title, str)
        hit.object.titel  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    query.stream(100)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    query.stream(after="x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    stream.limit(5)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


def kept(query: Query[Article]) -> None:
    """What filters here takes an object and says yes or no."""

    def long(article: Article) -> bool:
        return article.word_count > 100

    def wrong(card: Card) -> bool:
        return card.title == ""

    assert_type(query.stream(keep=long), Stream[Article])
    query.stream(keep=lambda article: article.word_count > 100)
    query.stream(keep=wrong)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    query.stream(keep=Article.word_count > 100)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def pages(query: Query[Article]) -> None:
    """A page is a sequence of hits, and columns."""
    page = query.near_text("x").limit(5).page()
    assert_type(page, Page[Article])
    assert_type(page[0], Hit[Article])
    assert_type(page[1:], list[Hit[Article]])
    assert_type(len(page), int)
    assert_type(page.objects(), list[Article])
    assert_type(page.last_id, UUID | None)
    query.stream(after=page.last_id)
    assert_type(page.to_arrow(), pa.Table)
    assert_type(page.to_pandas(metadata=["distance", "created_at"]), pd.DataFrame)
    assert_type(page.to_polars(), pl.DataFrame)
    assert_type(query.stream().to_arrow(), pa.Table)
    page.to_arrow(metadata=["distanc"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]


async def awaited(query: AsyncQuery[Article]) -> None:
    """The other colour."""
    stream = query.stream(keep=lambda article: article.word_count > 100)
    assert_type(stream, AsyncStream[Article])
    assert_type(aiter(stream), AsyncIterator[Hit[Article]])
    async for hit in stream:
        assert_type(hit, Hit[Article])
    async for page in stream.pages():
        assert_type(page, Page[Article])
        assert_type(page.to_polars(), pl.DataFrame)
    async for article in stream.objects():
        assert_type(article, Article)
    assert_type(await stream.count(), int)
    assert_type(await stream.to_pandas(), pd.DataFrame)
    assert_type(await query.page(), Page[Article])
    len(stream)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
