"""A few articles of two customers, so that there is something to search. Made up for this example."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from api.models import Article, Author
from weaviate_orm import AsyncSession

__all__ = ["store_samples"]

_SCIENCE, _CITY = Author(name="The science desk"), Author(name="The city desk")

_ACME = [
    Article(
        title="A battery of iron and air",
        body="It stores the wind of a whole night, and costs a tenth of one with lithium.",
        topic="science",
        tags=["energy", "chemistry"],
        published=datetime(2026, 3, 2, tzinfo=UTC),
        author=_SCIENCE,
    ),
    Article(
        title="How octopuses dream",
        body="Their skin changes colour while they sleep, as if they watched a film.",
        topic="science",
        tags=["animals"],
        published=datetime(2026, 3, 9, tzinfo=UTC),
        author=_SCIENCE,
    ),
    Article(
        title="The price of bread",
        body="Bakers pay more for flour and rents, and customers for each loaf.",
        topic="business",
        tags=["food"],
        published=datetime(2026, 2, 11, tzinfo=UTC),
        author=_CITY,
    ),
    Article(
        title="An opera about the tide",
        body="The orchestra plays from boats, and the audience leaves when the water comes back.",
        topic="culture",
        tags=["music", "sea"],
        published=datetime(2026, 1, 20, tzinfo=UTC),
        author=_CITY,
    ),
    Article(
        title="Solar roofs for stations",
        body="The railway covers its platforms with panels and sells the electricity.",
        topic="business",
        tags=["energy", "trains"],
        published=datetime(2026, 3, 15, tzinfo=UTC),
    ),
]
_GLOBEX = [
    Article(
        title="Quarterly figures of the docks",
        body="More containers and fewer ships: the vessels have grown again.",
        topic="business",
        tags=["sea", "trade"],
        published=datetime(2026, 3, 1, tzinfo=UTC),
        author=_CITY,
    ),
]


async def store_samples(session: AsyncSession) -> None:
    """Store the articles and their authors. Ids follow from the titles, so doing it again changes nothing."""
    for customer, articles in (("acme", _ACME), ("globex", _GLOBEX)):
        kept = [article.model_copy(update={"id": uuid5(NAMESPACE_URL, article.title)}) for article in articles]
        tenant = session.tenant(customer)
        await tenant.insert_many([_SCIENCE, _CITY])
        await tenant.insert_many(kept)
