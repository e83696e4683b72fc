"""A listener gets the model that it listens for; what does not fit is refused."""

from typing import assert_type

from weaviate_orm import AsyncSession, Session, WeaviateModel
from weaviate_orm.events import (
    AfterDelete,
    AfterInsert,
    BeforeInsert,
    BeforeUpdate,
    Event,
    listen,
    listens_for,
    stop_listening,
)

from .zoo import Article, Author


@listens_for(BeforeInsert[Article])
def stamp(event: BeforeInsert[Article]) -> None:
    """Object and class are the model's."""
    assert_type(event.object, Article)
    assert_type(event.object.title, str)
    assert_type(event.model, type[Article])
    event.object.title = "x"
    event.object = event.object  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


@listens_for(AfterInsert[Article])
async def stored(event: AfterInsert[Article]) -> None:
    """Coroutine functions listen too."""
    assert_type(event.object, Article)


@listens_for(AfterDelete[Article])
def gone(event: AfterDelete[Article]) -> None:
    """By id there is no object."""
    assert_type(event.object, Article | None)
    print(event.object.title)  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]


@listens_for(BeforeInsert[Author])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
def of_another_model(event: BeforeInsert[Article]) -> None:
    """Not what it listens for."""


def either(event: BeforeInsert[Article] | BeforeUpdate[Article]) -> None:
    """Two kinds of event."""
    assert_type(event.object, Article)


def anything(event: Event[WeaviateModel]) -> None:
    """Whatever happens."""
    assert_type(event.model, type[WeaviateModel])


def listening(session: Session, asynchronous: AsyncSession) -> None:
    """To models and on sessions."""
    listen(BeforeInsert[Article], either)
    listen(BeforeUpdate[Article], either)
    listen(AfterInsert[Author], anything)
    listen(BeforeInsert[Article], lambda event: assert_type(event.object, Article))
    stop_listening(BeforeInsert[Article], either)
    session.listen(BeforeInsert[WeaviateModel], anything)
    session.listens_for(BeforeInsert[Article])(stamp)
    asynchronous.listen(AfterInsert[Article], stored)
    asynchronous.stop_listening(AfterInsert[Article], stored)
    listen(BeforeInsert[Author], either)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    listen(AfterInsert[Article], stamp)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    listen(BeforeInsert[WeaviateModel], stamp)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    session.listen(BeforeInsert[Author], stamp)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    asynchronous.listen(BeforeInsert[Author], stored)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    listen(Article, anything)  # type: ignore[type-var, arg-type]  # pyright: ignore[reportArgumentType]
