"""The REST calls about collections, and what is read from their replies."""

from __future__ import annotations

import pytest
from zoo import Article, Author

from weaviate_orm import ProtocolError
from weaviate_orm.model.info import model_info
from weaviate_orm.schema.from_model import collection_config
from weaviate_orm.schema.json import to_json
from weaviate_orm.wire.call import Patience, RestReply
from weaviate_orm.wire.schema import (
    compile_add_reference,
    compile_collection_exists,
    compile_create,
    compile_drop,
    compile_get_collection,
    compile_list_collections,
)

ARTICLE = to_json(collection_config(model_info(Article)))
AUTHOR = to_json(collection_config(model_info(Author)))


def test_create_posts_the_body_and_is_not_repeated() -> None:
    call = compile_create(ARTICLE)
    assert (call.method, call.path, call.repeatable, call.patience) == ("POST", "/schema", False, Patience.INSERT)
    assert (call.body, call.collection) == (ARTICLE, "ZooArticle")
    assert call.read(RestReply(200, ARTICLE)) is None


def test_a_reference_is_added_to_its_collection() -> None:
    (author, related) = collection_config(model_info(Article)).references
    call = compile_add_reference("ZooArticle", author)
    assert (call.method, call.path, call.repeatable) == ("POST", "/schema/ZooArticle/properties", False)
    assert call.body == {"name": "author", "dataType": ["ZooAuthor"]}
    assert compile_add_reference("ZooArticle", related).body == {"name": "related", "dataType": ["ZooArticle"]}


def test_get_reads_the_configuration_or_none() -> None:
    call = compile_get_collection("ZooArticle")
    assert (call.method, call.path, call.repeatable) == ("GET", "/schema/ZooArticle", True)
    assert call.accept == {200, 404}
    found = call.read(RestReply(200, ARTICLE))
    assert found is not None
    assert found.name == "ZooArticle"
    assert [each.name for each in found.properties] == list(model_info(Article).properties)
    assert call.read(RestReply(404, None)) is None


def test_list_sorts_by_name() -> None:
    call = compile_list_collections()
    assert (call.method, call.path, call.repeatable) == ("GET", "/schema", True)
    assert [each.name for each in call.read(RestReply(200, {"classes": [AUTHOR, ARTICLE]}))] == [
        "ZooArticle",
        "ZooAuthor",
    ]
    assert call.read(RestReply(200, {"classes": None})) == []
    assert call.read(RestReply(200, {})) == []


@pytest.mark.parametrize("body", [None, [], "x"])
def test_a_reply_that_is_no_json_object_is_refused(body: object) -> None:
    with pytest.raises(ProtocolError, match=f"expected a JSON object from the server, got {type(body).__name__}"):
        compile_get_collection("A").read(RestReply(200, body))
    with pytest.raises(ProtocolError, match="expected a JSON object"):
        compile_list_collections().read(RestReply(200, body))
    with pytest.raises(ProtocolError, match="expected a JSON object"):
        compile_list_collections().read(RestReply(200, {"classes": [body]}))


def test_exists_is_a_matter_of_status() -> None:
    call = compile_collection_exists("ZooArticle")
    assert (call.method, call.path) == ("GET", "/schema/ZooArticle")
    assert call.accept == {200, 404}
    assert call.read(RestReply(200, ARTICLE)) is True
    assert call.read(RestReply(404, None)) is False


def test_drop_is_repeatable() -> None:
    call = compile_drop("ZooArticle")
    assert (call.method, call.path, call.repeatable) == ("DELETE", "/schema/ZooArticle", True)
    assert call.accept == {200}


def test_names_are_escaped_in_paths() -> None:
    for call in (
        compile_drop("A/../B?x#y"),
        compile_collection_exists("A/../B?x#y"),
        compile_get_collection("A/../B?x#y"),
    ):
        assert call.path == "/schema/A%2F..%2FB%3Fx%23y"
