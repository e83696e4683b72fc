"""The service: the session's life, what endpoints depend on, and the endpoints."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, FastAPI, Query, Request
from fastapi import Path as InPath

from api import problems
from api.models import Article, Author
from api.repository import Articles
from api.samples import store_samples
from api.shapes import (
    ArticleCard,
    ArticlePage,
    ArticleRead,
    Found,
    Health,
    ListParameters,
    LoadSummary,
    NewCustomer,
    NotStored,
    SearchParameters,
)
from weaviate_orm import AsyncRepository, AsyncSession, InProcess, ObjectNotFoundError

__all__ = ["create_app"]


# --- what endpoints depend on --------------------------------------------------------------------------------------------


def opened_session(request: Request) -> AsyncSession:
    """Give the session that the application opened."""
    session: AsyncSession = request.app.state.session
    return session


Database = Annotated[AsyncSession, Depends(opened_session)]
Customer = Annotated[str, InPath(description="The customer's name, which is its tenant's.", examples=["acme"])]


def tenant_of(customer: Customer, session: Database) -> AsyncSession:
    """Give a view of the session for the customer that the path names. It shares the connection."""
    return session.tenant(customer)


Tenant = Annotated[AsyncSession, Depends(tenant_of)]


def articles_of(tenant: Tenant) -> Articles:
    """Give the customer's articles."""
    return Articles(tenant)


def authors_of(tenant: Tenant) -> AsyncRepository[Author]:
    """Give the customer's authors, of whom there is nothing to ask but what every repository answers."""
    return tenant.repository(Author)


CustomersArticles = Annotated[Articles, Depends(articles_of)]
CustomersAuthors = Annotated[AsyncRepository[Author], Depends(authors_of)]


async def check_customer(articles: CustomersArticles) -> None:
    """Make sure of the customer before a write, which would create its tenant: a misspelt name is not a new customer.

    Raises:
        TenantError: there is no such customer.
    """
    await articles.count()


ONLY_CUSTOMERS = [Depends(check_customer)]


# --- endpoints -----------------------------------------------------------------------------------------------------------

service = APIRouter()
of_customer = APIRouter(prefix="/customers/{customer}", responses=problems.described(404, 422, 503))


@service.get("/health", tags=["service"], responses=problems.described(503))
async def health(session: Database) -> Health:
    """Tell whether the database is ready."""
    about = await session.server.meta()
    return Health(ready=await session.server.ready(), version=about.version)


@service.post("/customers", status_code=201, tags=["customers"], responses=problems.described(409, 422, 503))
async def create_customer(customer: NewCustomer, session: Database) -> NewCustomer:
    """Sign a customer up, with a first article."""
    await Articles(session.tenant(customer.name)).sign_up(customer.name)
    return customer


@of_customer.post(
    "/authors", status_code=201, tags=["authors"], responses=problems.described(409), dependencies=ONLY_CUSTOMERS
)
async def create_author(author: Author, authors: CustomersAuthors) -> Author:
    """Store an author."""
    await authors.insert(author)
    return author


@of_customer.get("/authors", tags=["authors"])
async def list_authors(authors: CustomersAuthors) -> list[Author]:
    """List the authors by name."""
    return await authors.query().order_by(Author.name).objects()


@of_customer.post(
    "/articles", status_code=201, tags=["articles"], responses=problems.described(409), dependencies=ONLY_CUSTOMERS
)
async def create_article(article: Article, articles: CustomersArticles) -> ArticleRead:
    """Store an article. Its author is given by id and must be stored already."""
    return ArticleRead.model_validate(await articles.read(await articles.insert(article)))


@of_customer.post("/articles/batch", tags=["articles"], dependencies=ONLY_CUSTOMERS)
async def create_articles(
    given: Annotated[list[Article], Body(min_length=1, max_length=1000)], articles: CustomersArticles
) -> LoadSummary:
    """Store many articles; those that cannot be stored are named, the others are stored. An id that is taken is written over."""
    report = await articles.insert_many(given, on_failure="report")
    failed: list[NotStored] = []
    for failure in report.failed:
        _, problem = problems.answer_to(failure.error)
        failed.append(NotStored(index=failure.index, id=failure.object.id, error=problem.error, detail=problem.detail))
    return LoadSummary(stored=report.stored, failed=failed)


@of_customer.get("/articles", tags=["articles"])
async def list_articles(wanted: Annotated[ListParameters, Query()], articles: CustomersArticles) -> ArticlePage:
    """List articles, the latest first, a page at a time."""
    matching = articles.matching(wanted)
    total = await matching.count()
    page = matching.order_by(Article.published.desc(), Article.id).limit(wanted.limit).offset(wanted.offset)
    items = await page.as_(ArticleCard).objects()
    end = wanted.offset + len(items)
    return ArticlePage(items=items, total=total, next_offset=end if end < total else None)


@of_customer.get("/articles/search", tags=["articles"])
async def search_articles(wanted: Annotated[SearchParameters, Query()], articles: CustomersArticles) -> list[Found]:
    """Search articles by meaning, or by meaning and keywords, best first."""
    return [Found.of(hit) async for hit in articles.search(wanted)]


@of_customer.get("/articles/{id}", tags=["articles"])
async def read_article(id: UUID, articles: CustomersArticles) -> ArticleRead:
    """Give an article with its author."""
    return ArticleRead.model_validate(await articles.read(id))


@of_customer.get("/articles/{id}/similar", tags=["articles"])
async def similar_articles(
    id: UUID, articles: CustomersArticles, limit: Annotated[int, Query(ge=1, le=50)] = 5
) -> list[Found]:
    """Give the articles that are most like one, nearest first."""
    return [Found.of(hit) async for hit in articles.similar(id, limit)]


@of_customer.delete("/articles/{id}", tags=["articles"], status_code=204)
async def delete_article(id: UUID, articles: CustomersArticles) -> None:
    """Delete an article."""
    if not await articles.delete(id):
        raise ObjectNotFoundError(f"There is no article {id}.", object_id=id)


# --- the application -----------------------------------------------------------------------------------------------------


def create_app(
    target: str | Path | InProcess | None = None, *, grpc_port: int | None = None, samples: bool = False
) -> FastAPI:
    """Make the application.

    Args:
        target: the database, as ``Session`` takes it: by default the server of ``WEAVIATE_URL``, or else an engine in memory.
        grpc_port: beside a URL, where gRPC is not on 50051.
        samples: store a few articles of two customers, ``acme`` and ``globex``, at the start.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # Opened here, on the loop that serves the requests, and in each worker by itself.
        async with AsyncSession(target, grpc_port=grpc_port) as session:
            await session.schema.create(Author, Article, exist_ok=True)
            if samples:
                await store_samples(session)
            app.state.session = session
            yield

    app = FastAPI(
        title="News agency",
        summary="Semantic search over the articles of each customer.",
        version="1",
        lifespan=lifespan,
    )
    problems.install(app)
    app.include_router(service)
    app.include_router(of_customer)
    return app
