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


# pyright alone checks class keywords; mypy does so for no class that has a metaclass. At run time a wrong one raises.
class Misspelt(WeaviateModel, colection="X"):  # pyright: ignore[reportArgumentType]
    pass


class WrongCollection(WeaviateModel, collection=1):  # pyright: ignore[reportArgumentType]
    pass


class WrongKey(WeaviateModel, key=1):  # pyright: ignore[reportArgumentType]
    pass


class WrongIndex(WeaviateModel, inverted_index=True):  # pyright: ignore[reportArgumentType]
    pass


class WrongTenancy(WeaviateModel, multi_tenancy=True):  # pyright: ignore[reportArgumentType]
    pass


class WrongReranker(WeaviateModel, reranker=generative_openai()):  # pyright: ignore[reportArgumentType]
    pass


class WrongGenerative(WeaviateModel, generative="openai"):  # pyright: ignore[reportArgumentType]
    pass


InvertedIndex(timestamp=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
InvertedIndex(timestamps="yes")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
text2vec_openai(modle="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
text2vec_openai(model=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
text2vec_openai("x")  # type: ignore[arg-type, call-arg]  # pyright: ignore[reportCallIssue]
text2vec_transformers(inference="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
hnsw(ef_constuction=64)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
hnsw(ef_construction="64")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
hnsw(quantizer="rq")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
vector(text2vec_openai)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
vector(generative_openai())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
vector(reranker_cohere())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
vector(sources=["url"])  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
vector(source=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
vector(index=rq())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
vector(dimensions="3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
reference(target=Author)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
references(names="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
prop(filterable="yes")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
prop(filtrable=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
