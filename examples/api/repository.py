"""The queries of the service, in one place: a repository over one customer's articles."""

from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid5

from api.models import Article, Author
from api.shapes import ArticleFilter, SearchParameters
from weaviate_orm import AsyncQuery, AsyncRepository, ObjectNotFoundError

__all__ = ["WELCOME", "Articles"]

WELCOME = uuid5(NAMESPACE_URL, "welcome")  # the id of every customer's first article; tenants keep them apart


class Articles(AsyncRepository[Article]):
    """The articles of the tenant that the session is a view of."""

    def matching(self, wanted: ArticleFilter) -> AsyncQuery[Article]:
        """Begin a query with the conditions of a request; ``where()`` leaves out those that are ``None``."""
        return self.query().where(
            Article.topic == wanted.topic if wanted.topic else None,
            Article.tags.contains_all(wanted.tag) if wanted.tag else None,
            Article.published >= wanted.since if wanted.since else None,
            Article.author.has(Author.name == wanted.author) if wanted.author else None,
        )

    def search(self, wanted: SearchParameters) -> AsyncQuery[Article]:
        """Find articles by what they mean, or by that and their words."""
        query = self.matching(wanted).include(Article.author).limit(wanted.limit)
        if wanted.by == "both":
            return query.hybrid(wanted.q, target=Article.embedding)
        return query.near_text(wanted.q, target=Article.embedding)

    def similar(self, id: UUID, limit: int) -> AsyncQuery[Article]:
        """Find the articles nearest to one of them, without itself."""
        return self.query().near_object(id).where(Article.id != id).include(Article.author).limit(limit)

    async def read(self, id: UUID) -> Article:
        """Give an article with its author.

        Raises:
            ObjectNotFoundError: there is none with this id.
        """
        article = await self.get(id, include=[Article.author])
        if article is None:
            raise ObjectNotFoundError(f"There is no article {id}.", object_id=id)
        return article

    async def sign_up(self, name: str) -> None:
        """Store a first article and its author, which creates the customer's tenant in both collections.

        Raises:
            ObjectExistsError: the customer has it already.
        """
        editors = Author(name="The editors")
        await self.session.insert_many([editors])
        welcome = f"The first article of {name}."
        await self.insert(Article(id=WELCOME, title="Welcome", body=welcome, topic="culture", author=editors))
