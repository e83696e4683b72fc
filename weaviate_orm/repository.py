"""A session's verbs for one model, in both colours: a place for an application's own queries. Everything is done by the session."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar, cast, get_args, get_origin
from uuid import UUID

from weaviate_orm.aggregations import Aggregation
from weaviate_orm.aggregations_async import AsyncAggregation
from weaviate_orm.errors import ModelDefinitionError
from weaviate_orm.expr.nodes import Inclusion
from weaviate_orm.expr.operators import Condition, Expression
from weaviate_orm.model.attributes import MultiVector, Reference, References, Vector
from weaviate_orm.model.base import WeaviateModel
from weaviate_orm.queries import Query
from weaviate_orm.queries_async import AsyncQuery
from weaviate_orm.query.builder import Builder
from weaviate_orm.query.results import LoadReport
from weaviate_orm.session import Session
from weaviate_orm.session_async import AsyncSession

__all__ = ["AsyncRepository", "Repository"]

M = TypeVar("M", bound=WeaviateModel)
R = TypeVar("R")
Q = TypeVar("Q", bound=Builder[Any])  # of either colour, over any model


class _Scoped(Generic[M]):
    """What both colours share: the model, and what every query begins with."""

    _declared: type[WeaviateModel] | None = None

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for base in getattr(cls, "__orig_bases__", ()):
            origin, arguments = get_origin(base), get_args(base)
            if isinstance(origin, type) and issubclass(origin, _Scoped) and isinstance(arguments[0], type):
                cls._declared = arguments[0]

    def __init__(self, model: type[M] | None, where: Condition | None, limit: int | None) -> None:
        # What a subclass states in brackets is M, which only the checkers know.
        self._model = cast("type[M]", self._stated()) if model is None else model
        self._where = where
        self._limit = limit

    @property
    def model(self) -> type[M]:
        """The class of the objects."""
        return self._model

    def _stated(self) -> type[WeaviateModel]:
        if self._declared is None:
            name = type(self).__name__
            base = next(each.__name__ for each in reversed(type(self).__mro__) if each in (Repository, AsyncRepository))
            raise ModelDefinitionError(
                f"{name} does not say of which model: write class {name}({base}[Model]), or pass the model."
            )
        return self._declared

    def _scope(self, query: Q) -> Q:
        if self._where is not None:
            query = query.where(self._where)
        return query if self._limit is None else query.limit(self._limit)


class Repository(_Scoped[M]):
    """The objects of one model, through a session. Subclass it to give an application's queries a name::

        class Articles(Repository[Article]):
            def recent(self) -> Query[Article]:
                return self.query().order_by(Article.published.descending()).limit(10)


        Articles(session).recent().all()

    Args:
        session: does everything.
        model: the class of the objects; a subclass states it in brackets instead.
        where: a condition of every query that begins with ``query()``.
        limit: of every query that begins with ``query()`` and has no other.
    """

    def __init__(
        self,
        session: Session,
        model: type[M] | None = None,
        *,
        where: Condition | None = None,
        limit: int | None = None,
    ) -> None:
        super().__init__(model, where, limit)
        self._session = session

    @property
    def session(self) -> Session:
        """The session that it works through."""
        return self._session

    def query(self) -> Query[M]:
        """Begin a query with the repository's own condition and limit. A subclass may override it to begin otherwise."""
        return self._scope(self.everything())

    def everything(self) -> Query[M]:
        """Begin a query without the repository's own condition and limit."""
        return self._session.query(self._model)

    def aggregate(self) -> Aggregation[M]:
        """Begin a measurement of the objects that fulfil the repository's own condition."""
        return self._session.aggregate(self._model).where(self._where)

    def insert(self, instance: M) -> UUID:
        """See ``Session.insert``."""
        return self._session.insert(instance)

    def insert_many(self, instances: Iterable[M], *, on_failure: Literal["raise", "report"] = "raise") -> LoadReport[M]:
        """See ``Session.insert_many``."""
        return self._session.insert_many(instances, on_failure=on_failure)

    def upsert(self, instance: M) -> UUID:
        """See ``Session.upsert``."""
        return self._session.upsert(instance)

    def replace(self, instance: M) -> None:
        """See ``Session.replace``."""
        self._session.replace(instance)

    def update(
        self,
        instance: M,
        *,
        fields: Sequence[Expression[Any] | Reference[Any] | References[Any] | Vector | MultiVector]
        | None = None,  # of any type
        unchanged_since: datetime | None = None,
    ) -> bool:
        """See ``Session.update``."""
        return self._session.update(instance, fields=fields, unchanged_since=unchanged_since)

    def link(
        self,
        source: M | UUID,
        reference: References[R] | Reference[R],
        target: R | UUID | tuple[type[R], UUID],
        /,
    ) -> None:
        """See ``Session.link``."""
        self._session.link(source, reference, target)

    def unlink(
        self,
        source: M | UUID,
        reference: References[R] | Reference[R],
        target: R | UUID | tuple[type[R], UUID],
        /,
    ) -> None:
        """See ``Session.unlink``."""
        self._session.unlink(source, reference, target)

    def set_links(
        self,
        source: M | UUID,
        reference: References[R] | Reference[R],
        targets: Sequence[R | UUID | tuple[type[R], UUID]],
        /,
    ) -> None:
        """See ``Session.set_links``."""
        self._session.set_links(source, reference, targets)

    def get(
        self,
        id: UUID,
        *,
        include: Sequence[Reference[Any] | References[Any] | Inclusion] = (),  # to any model
        with_vectors: bool = False,
    ) -> M | None:
        """See ``Session.get``. The repository's own condition does not count here."""
        return self._session.get(self._model, id, include=include, with_vectors=with_vectors)

    def get_many(
        self,
        ids: Sequence[UUID],
        *,
        include: Sequence[Reference[Any] | References[Any] | Inclusion] = (),  # to any model
        with_vectors: bool = False,
    ) -> list[M | None]:
        """See ``Session.get_many``. The repository's own condition does not count here."""
        return self._session.get_many(self._model, ids, include=include, with_vectors=with_vectors)

    def exists(self, id: UUID) -> bool:
        """See ``Session.exists``. The repository's own condition does not count here."""
        return self._session.exists(self._model, id)

    def delete(self, what: M | UUID, /) -> bool:
        """Delete an object, given as itself or by id; tell whether there was one."""
        return self._session.delete(self._model, what) if isinstance(what, UUID) else self._session.delete(what)

    def count(self) -> int:
        """Give the number of objects that fulfil the repository's own condition."""
        return self.query().count()


class AsyncRepository(_Scoped[M]):
    """``Repository``, awaited."""

    def __init__(
        self,
        session: AsyncSession,
        model: type[M] | None = None,
        *,
        where: Condition | None = None,
        limit: int | None = None,
    ) -> None:
        super().__init__(model, where, limit)
        self._session = session

    @property
    def session(self) -> AsyncSession:
        """The session that it works through."""
        return self._session

    def query(self) -> AsyncQuery[M]:
        """As ``Repository.query``."""
        return self._scope(self.everything())

    def everything(self) -> AsyncQuery[M]:
        """As ``Repository.everything``."""
        return self._session.query(self._model)

    def aggregate(self) -> AsyncAggregation[M]:
        """As ``Repository.aggregate``."""
        return self._session.aggregate(self._model).where(self._where)

    async def insert(self, instance: M) -> UUID:
        """As ``Repository.insert``."""
        return await self._session.insert(instance)

    async def insert_many(
        self, instances: Iterable[M], *, on_failure: Literal["raise", "report"] = "raise"
    ) -> LoadReport[M]:
        """As ``Repository.insert_many``."""
        return await self._session.insert_many(instances, on_failure=on_failure)

    async def upsert(self, instance: M) -> UUID:
        """As ``Repository.upsert``."""
        return await self._session.upsert(instance)

    async def replace(self, instance: M) -> None:
        """As ``Repository.replace``."""
        await self._session.replace(instance)

    async def update(
        self,
        instance: M,
        *,
        fields: Sequence[Expression[Any] | Reference[Any] | References[Any] | Vector | MultiVector]
        | None = None,  # of any type
        unchanged_since: datetime | None = None,
    ) -> bool:
        """As ``Repository.update``."""
        return await self._session.update(instance, fields=fields, unchanged_since=unchanged_since)

    async def link(
        self,
        source: M | UUID,
        reference: References[R] | Reference[R],
        target: R | UUID | tuple[type[R], UUID],
        /,
    ) -> None:
        """As ``Repository.link``."""
        await self._session.link(source, reference, target)

    async def unlink(
        self,
        source: M | UUID,
        reference: References[R] | Reference[R],
        target: R | UUID | tuple[type[R], UUID],
        /,
    ) -> None:
        """As ``Repository.unlink``."""
        await self._session.unlink(source, reference, target)

    async def set_links(
        self,
        source: M | UUID,
        reference: References[R] | Reference[R],
        targets: Sequence[R | UUID | tuple[type[R], UUID]],
        /,
    ) -> None:
        """As ``Repository.set_links``."""
        await self._session.set_links(source, reference, targets)

    async def get(
        self,
        id: UUID,
        *,
        include: Sequence[Reference[Any] | References[Any] | Inclusion] = (),  # to any model
        with_vectors: bool = False,
    ) -> M | None:
        """As ``Repository.get``."""
        return await self._session.get(self._model, id, include=include, with_vectors=with_vectors)

    async def get_many(
        self,
        ids: Sequence[UUID],
        *,
        include: Sequence[Reference[Any] | References[Any] | Inclusion] = (),  # to any model
        with_vectors: bool = False,
    ) -> list[M | None]:
        """As ``Repository.get_many``."""
        return await self._session.get_many(self._model, ids, include=include, with_vectors=with_vectors)

    async def exists(self, id: UUID) -> bool:
        """As ``Repository.exists``."""
        return await self._session.exists(self._model, id)

    async def delete(self, what: M | UUID, /) -> bool:
        """As ``Repository.delete``."""
        if isinstance(what, UUID):
            return await self._session.delete(self._model, what)
        return await self._session.delete(what)

    async def count(self) -> int:
        """As ``Repository.count``."""
        return await self.query().count()
