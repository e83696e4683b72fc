"""What comes with the objects: references, nested objects, vectors and metadata, or less than everything."""

from __future__ import annotations

from typing import Any

from weaviate.classes.query import Filter, MetadataQuery, QueryNested, QueryReference

from .common import ID, NEAR, PLAIN, Intent, article, articles, document, documents, exhibits

IDS = MetadataQuery()
EXHIBIT_NAMES = ["title", "body"]


def including(*references: Any) -> Intent:
    return lambda c: articles(c).fetch_objects(**article, return_metadata=PLAIN, return_references=list(references))


def author(**options: Any) -> Any:
    return QueryReference(link_on="author", return_properties=["name", "born"], return_metadata=IDS, **options)


def company(*properties: Any) -> Intent:
    return lambda c: c.collections.use("ZooCompany").query.fetch_objects(
        limit=5, return_properties=list(properties), return_metadata=PLAIN
    )


address: Any = ["street", "city", QueryNested(name="contacts", properties=["kind", "value"])]

INTENTS: dict[str, Intent] = {
    "included references": including(author()),
    "references of all properties": lambda c: c.collections.use("ZooAuthor").query.fetch_objects(
        limit=5,
        return_metadata=PLAIN,
        return_references=[QueryReference(link_on="publisher", return_metadata=IDS)],
    ),
    "several references": including(
        author(),
        QueryReference(
            link_on="related",
            return_properties=["title", "body", "word_count", "published", "tags"],
            return_metadata=IDS,
        ),
    ),
    "references behind references": including(
        author(
            return_references=[
                QueryReference(link_on="publisher", return_properties=["name", "city"], return_metadata=IDS)
            ]
        )
    ),
    "references three deep": including(
        author(
            return_references=[
                QueryReference(
                    link_on="mentor",
                    return_properties=["name", "born"],
                    return_metadata=IDS,
                    return_references=[
                        QueryReference(link_on="publisher", return_properties=["name", "city"], return_metadata=IDS)
                    ],
                )
            ]
        )
    ),
    "only the ids of references": including(
        QueryReference(link_on="author", return_properties=False, return_metadata=IDS)
    ),
    "references with their vectors": including(
        QueryReference(
            link_on="related",
            return_properties=["title", "body", "word_count", "published", "tags"],
            return_metadata=IDS,
            include_vector=["embedding"],
        ),
    ),
    "references to several collections": lambda c: c.collections.use("PeerShelf").query.fetch_objects(
        limit=5,
        return_properties=["name"],
        return_metadata=PLAIN,
        return_references=[
            QueryReference.MultiTarget(
                link_on="items", target_collection="ZooBook", return_properties=["title"], return_metadata=IDS
            )
        ],
    ),
    "references to the second of several collections": lambda c: c.collections.use("PeerShelf").query.fetch_objects(
        limit=1,
        filters=Filter.by_id().contains_any([ID]),
        return_properties=False,
        return_references=[
            QueryReference.MultiTarget(
                link_on="items", target_collection="ZooAuthor", return_properties=["name", "born"], return_metadata=IDS
            )
        ],
    ),
    "references of a search": lambda c: articles(c).near_text(
        "a", target_vector="embedding", **article, return_metadata=NEAR, return_references=[author()]
    ),
    "some properties of references": lambda c: articles(c).fetch_objects(
        limit=5,
        return_properties=["title"],
        return_metadata=PLAIN,
        return_references=[QueryReference(link_on="author", return_properties=["name"], return_metadata=IDS)],
    ),
    "metadata of references": lambda c: articles(c).fetch_objects(
        limit=5,
        return_properties=["title"],
        return_metadata=PLAIN,
        return_references=[
            QueryReference(
                link_on="author", return_properties=["name"], return_metadata=MetadataQuery(creation_time=True)
            )
        ],
    ),
    "nested objects": company(
        "name",
        QueryNested(name="seat", properties=address),
        QueryNested(name="branches", properties=address),
    ),
    "some properties of nested objects": company("name", QueryNested(name="seat", properties=["city"])),
    "all vectors": lambda c: documents(c).fetch_objects(
        include_vector=["meaning", "style", "tokens"], **document, return_metadata=PLAIN
    ),
    "one vector": lambda c: documents(c).fetch_objects(include_vector=["style"], **document, return_metadata=PLAIN),
    "whatever vectors there are": lambda c: documents(c).fetch_objects(
        include_vector=True, **document, return_metadata=PLAIN
    ),
    "vectors of a search": lambda c: documents(c).near_vector(
        [1.0, 2.0, 3.0], target_vector="meaning", include_vector=["meaning"], **document, return_metadata=NEAR
    ),
    "the vector without a name": lambda c: c.collections.use("ZooLegacy").query.fetch_objects(
        include_vector=True, **document, return_metadata=PLAIN
    ),
    "some properties": lambda c: exhibits(c).fetch_objects(
        limit=5, return_properties=EXHIBIT_NAMES, return_metadata=PLAIN
    ),
    "one property": lambda c: exhibits(c).fetch_objects(limit=5, return_properties="title", return_metadata=PLAIN),
    "no properties": lambda c: exhibits(c).fetch_objects(limit=5, return_properties=False, return_metadata=PLAIN),
    "metadata in full": lambda c: exhibits(c).near_text(
        "a",
        limit=5,
        target_vector="meaning",
        return_properties=EXHIBIT_NAMES,
        return_metadata=MetadataQuery.full(),
    ),
}
