"""What the engine does not have, it says by name, to the official client too: never an empty answer."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the client's own dependencies warn while it is imported
    import weaviate
    import weaviate.connect.v4
    from weaviate.classes.config import Configure

from weaviate_orm.testing import serve


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with serve() as server, pytest.MonkeyPatch.context() as patch:
        # On connect the client asks the package index for its latest version; tests stay on this machine.
        patch.setattr(weaviate.connect.v4, "PYPI_PACKAGE_URL", f"{server.url}/v1/meta")
        with weaviate.connect_to_local(host="127.0.0.1", port=server.http_port, grpc_port=server.grpc_port) as client:
            yield client


LACKING: dict[str, Callable[[Any], object]] = {
    "backups": lambda client: client.backup.create("a", backend="filesystem"),
    "roles": lambda client: client.roles.list_all(),
    "users": lambda client: client.users.db.list_all(),
    "GraphQL": lambda client: client.graphql_raw_query("{Get{A{b}}}"),
    "an embedder of images": lambda client: client.collections.create(
        "Lacking", vector_config=Configure.Vectors.multi2vec_clip(image_fields=["picture"])
    ),
}


@pytest.mark.parametrize("feature", LACKING)
def test_it_is_named(client: Any, feature: str) -> None:
    with pytest.raises(weaviate.exceptions.UnexpectedStatusCodeError) as caught:
        LACKING[feature](client)
    assert caught.value.status_code == 501
    assert "The in-process engine does not have " in str(caught.value)
    assert feature in str(caught.value)
