"""Class keywords, the options of fields, and the keywords of modules and indexes."""

from weaviate_orm import (
    InvertedIndex,
    MultiTenancy,
    MultiVector,
    Property,
    Reference,
    References,
    Vector,
    WeaviateModel,
    flat,
    hnsw,
    prop,
    reference,
    references,
    rq,
    vector,
)
from weaviate_orm.modules import (
    generative_openai,
    reranker_cohere,
    self_provided,
    text2vec_ollama,
    text2vec_openai,
    text2vec_transformers,
)

from .zoo import Author


class Everything(
    WeaviateModel,
    collection="Everything",
    key=("url",),
    inverted_index=InvertedIndex(timestamps=True),
    multi_tenancy=MultiTenancy(enabled=True),
    generative=generative_openai(),
    reranker=reranker_cohere(),
):
    """All that a declaration can say."""

    url: Property[str] = prop(filterable=True, searchable=False, tokenization="field", description="where it was")
    author: Reference[Author] = reference(name="writtenBy", description="who")
    others: References[Author] = references(name="others")
    given: Vector = vector(self_provided(), dimensions=3, index=hnsw(ef_construction=64, quantizer=rq()))
    meaning: Vector = vector(text2vec_openai(model="text-embedding-3-small"), source=["url"], index=flat())
    other: Vector = vector(text2vec_transformers(), name="elsewhere")
    third: Vector = vector(text2vec_ollama(model="m"))
    many: MultiVector = vector()


class OneKey(WeaviateModel, key="url"):
    """A single key needs no tuple."""

    url: Property[str]


class Collection(WeaviateModel, colection="X"):  # BAD
    pass


class WrongCollection(WeaviateModel, collection=1):  # BAD
    pass


class WrongKey(WeaviateModel, key=1):  # BAD
    pass


class WrongIndex(WeaviateModel, inverted_index=True):  # BAD
    pass


class WrongTenancy(WeaviateModel, multi_tenancy=True):  # BAD
    pass


class WrongReranker(WeaviateModel, reranker=generative_openai()):  # BAD
    pass


class WrongGenerative(WeaviateModel, generative="openai"):  # BAD
    pass


InvertedIndex(timestamp=True)  # BAD
InvertedIndex(timestamps="yes")  # BAD
text2vec_openai(modle="x")  # BAD
text2vec_openai(model=1)  # BAD
text2vec_openai("x")  # BAD
text2vec_transformers(inference="x")  # BAD
hnsw(ef_constuction=64)  # BAD
hnsw(ef_construction="64")  # BAD
hnsw(quantizer="rq")  # BAD
vector(text2vec_openai)  # BAD
vector(generative_openai())  # BAD
vector(reranker_cohere())  # BAD
vector(sources=["url"])  # BAD
vector(source=1)  # BAD
vector(index=rq())  # BAD
vector(dimensions="3")  # BAD
reference(target=Author)  # BAD
references(names="x")  # BAD
prop(filterable="yes")  # BAD
prop(filtrable=True)  # BAD
