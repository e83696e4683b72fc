"""What is stored. The same classes are request bodies, and so appear in the OpenAPI page."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias

from weaviate_orm import MultiTenancy, Property, Reference, Vector, WeaviateModel, prop, reference, vector
from weaviate_orm.modules import text2vec_transformers

__all__ = ["Article", "Author", "Topic"]

Topic: TypeAlias = Literal["business", "culture", "science"]


class Author(WeaviateModel, collection="ApiAuthor", key="name", multi_tenancy=MultiTenancy(auto_create=True)):
    """Who writes for a customer. The name determines the id."""

    name: Property[str] = prop(tokenization="field")


class Article(WeaviateModel, collection="ApiArticle", multi_tenancy=MultiTenancy(auto_create=True)):
    """An article of one customer. Leave the embedding out, and the database makes it of title and body."""

    title: Property[str]
    body: Property[str]
    topic: Property[Topic] = prop(tokenization="field")
    tags: Property[list[str]] = prop(default_factory=list, tokenization="field")
    published: Property[datetime | None] = prop(default=None, range_filters=True)
    author: Reference[Author | None] = reference()
    embedding: Vector = vector(text2vec_transformers(), source=["title", "body"])
