"""Targets, headers and credentials -> settings: what is derived, what is refused, and that nothing secret is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from weaviate_orm.errors import ConfigurationError
from weaviate_orm.transport.settings import (
    ApiKey,
    BearerToken,
    Cloud,
    ConnectionSettings,
    Custom,
    Embedded,
    Endpoint,
    InProcess,
    Local,
    Retry,
    Timeouts,
    Tls,
    seconds_for,
)
from weaviate_orm.transport.target import resolve_target
from weaviate_orm.wire.call import Patience

SECRET = "s3cr3t-key-of-a-test"


def resolve(target: Any = None, **arguments: Any) -> ConnectionSettings:
    arguments.setdefault("environment", {})
    settings = resolve_target(target, **arguments)
    assert isinstance(settings, ConnectionSettings)
    return settings


@pytest.mark.parametrize(
    ("target", "http", "grpc"),
    [
        ("http://localhost:8080", "http://localhost:8080", "http://localhost:50051"),
        (" http://localhost:8080/ ", "http://localhost:8080", "http://localhost:50051"),
        ("http://box", "http://box:80", "http://box:50051"),
        ("https://box", "https://box:443", "https://box:50051"),
        ("https://box:8443", "https://box:8443", "https://box:50051"),
        ("HTTP://Box:1", "http://box:1", "http://box:50051"),
        ("http://[::1]:8080", "http://[::1]:8080", "http://[::1]:50051"),
        (Local(), "http://127.0.0.1:8080", "http://127.0.0.1:50051"),
        (Local(port=1, grpc_port=2, host="h"), "http://h:1", "http://h:2"),
        ("https://a.b.weaviate.cloud", "https://a.b.weaviate.cloud:443", "https://grpc-a.b.weaviate.cloud:443"),
        (Cloud("a.weaviate.cloud"), "https://a.weaviate.cloud:443", "https://grpc-a.weaviate.cloud:443"),
        (Cloud("https://a.weaviate.io/"), "https://a.weaviate.io:443", "https://grpc-a.weaviate.io:443"),
        (Cloud("a.weaviate.network"), "https://a.weaviate.network:443", "https://a.grpc.weaviate.network:443"),
        (Cloud("cluster.of.mine"), "https://cluster.of.mine:443", "https://grpc-cluster.of.mine:443"),
        (Custom(Endpoint("a", 1, True), Endpoint("b", 2)), "https://a:1", "http://b:2"),
        (Custom(Endpoint("a", 443, True), Endpoint("a", 443, True)), "https://a:443", "https://a:443"),
    ],
)
def test_a_target_becomes_two_endpoints(target: Any, http: str, grpc: str) -> None:
    settings = resolve(target)
    assert (settings.http.url, settings.grpc.url) == (http, grpc)
    assert settings.cloud == (".weaviate." in http)


def test_the_grpc_port_beside_a_url() -> None:
    assert resolve("http://localhost:8080", grpc_port=1234).grpc == Endpoint("localhost", 1234)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("localhost:8080", "did you mean 'http://localhost:8080'"),
        ("localhost", "did you mean 'http://localhost'"),
        ("x.weaviate.cloud", "did you mean 'https://x.weaviate.cloud'"),
        ("articles", "For a file write './articles'"),
        (":memory:", "For an engine in memory pass InProcess()"),
        ("sqlite:///articles.db", "http:// or https://, not 'sqlite://'"),
        ("", "the URL is empty"),
        ("ftp://localhost", "http:// or https://, not 'ftp://'"),
        ("grpc://localhost:50051", "http:// or https://, not 'grpc://'"),
        ("http://", "names no host"),
        ("http://:8080", "names no host"),
        ("http://[::1", "not a url"),
        ("http://a b:8080", "bare host name"),
        ("http://localhost:70000", "from 1 to 65535"),
        ("http://localhost:0", "from 1 to 65535"),
        ("http://localhost:port", "from 1 to 65535"),
        ("http://localhost:50051", "cannot share localhost:50051"),
        ("http://localhost:8080/v1", "leave out what follows: 'http://localhost:8080'"),
        ("http://localhost:8080?x=1", "leave out what follows"),
        ("http://x.weaviate.cloud", "write 'https://x.weaviate.cloud'"),
        ("https://x.weaviate.cloud:8443", "443 only"),
        (Local(port=5, grpc_port=5), "cannot share"),
        (Local(port=0), "from 1 to 65535"),
        (Cloud("ftp://x.weaviate.cloud"), "not 'ftp://'"),
        (8080, "not int"),
    ],
)
def test_targets_that_cannot_work_are_refused_with_a_way_out(target: Any, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        resolve(target)
    assert said.lower() in str(caught.value).lower()


@pytest.mark.parametrize("port", [0, 65536, -1, True, "50051"])
def test_a_grpc_port_out_of_range(port: Any) -> None:
    with pytest.raises(ConfigurationError, match="grpc_port is a number"):
        resolve("http://localhost:8080", grpc_port=port)


def test_grpc_port_goes_with_a_url_only() -> None:
    with pytest.raises(ConfigurationError, match=r"Local\(\.\.\.\) says where gRPC is"):
        resolve(Local(), grpc_port=1)


@pytest.mark.parametrize(
    "url", [f"http://ada:{SECRET}@host:80", f"ada:{SECRET}@host:80", f"http://{SECRET}@host:99999"]
)
def test_a_password_in_the_url_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        resolve(url)
    assert SECRET not in str(caught.value)
    assert SECRET not in repr(caught.value)
    assert caught.value.__cause__ is None


def test_the_environment_gives_the_defaults() -> None:
    environment = {"WEAVIATE_URL": "https://host", "WEAVIATE_API_KEY": SECRET}
    assert resolve(environment=environment).http.host == "host"
    assert resolve(environment=environment).credentials == ApiKey(SECRET)
    assert resolve(environment=environment, auth=BearerToken("other")).credentials == BearerToken("other")
    assert resolve("http://localhost:1", environment=environment).http.host == "localhost"
    assert resolve(environment=environment, headers={"Authorization": "Bearer x"}).credentials is None
    assert resolve(environment={**environment, "WEAVIATE_API_KEY": ""}).credentials is None


def test_the_process_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEAVIATE_URL", "http://localhost:7777")
    monkeypatch.delenv("WEAVIATE_API_KEY", raising=False)
    settings = resolve_target()
    assert isinstance(settings, ConnectionSettings)
    assert settings.http.port == 7777


@pytest.mark.parametrize(
    "target",
    [
        "./articles",
        "articles.db",
        "/data/articles",
        "~/articles",
        "../a b.SQLITE3",
        "C:\\data\\articles",
        Path("articles"),
    ],
)
def test_a_path_is_an_engine_on_a_file(target: Any) -> None:
    assert resolve_target(target, environment={"WEAVIATE_URL": "http://host"}) == InProcess(target)


def test_without_a_target_the_engine_is_in_memory() -> None:
    assert resolve_target(environment={}) == InProcess()
    # An empty variable is the same as none, so that it does not become a strange URL; a key alone names no server.
    assert resolve_target(environment={"WEAVIATE_URL": "", "WEAVIATE_API_KEY": SECRET}) == InProcess()


@pytest.mark.parametrize("arguments", [{"auth": ApiKey(SECRET)}, {"grpc_port": 50051}, {"tls": Tls()}])
def test_what_is_for_a_server_does_not_go_to_memory(arguments: Any) -> None:
    """A program that passes a key but whose WEAVIATE_URL got lost would store everything in memory."""
    (name,) = arguments
    with pytest.raises(ConfigurationError, match=f"{name}= is for a server, and no server is named: .* WEAVIATE_URL"):
        resolve_target(environment={}, **arguments)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"path": ":memory:"}, "takes the path of a file"),
        ({"path": "file:articles.db"}, "takes the path of a file"),
        ({"embedder": 5}, r"embedder=\.\.\.\) takes a function, or a mapping"),
        ({"embedder": {"text2vec-openai": 5}}, r"embedder=\.\.\.\) takes a function, or a mapping"),
        ({"reranker": "automatic"}, r"reranker=\.\.\.\) takes a function"),
    ],
)
def test_an_engine_that_cannot_work(arguments: Any, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        InProcess(**arguments)


def test_an_engine_has_no_ports() -> None:
    with pytest.raises(ConfigurationError, match=r"grpc_port= goes with a URL; InProcess\(\.\.\.\) has no ports"):
        resolve_target("./articles.db", grpc_port=1, environment={})


def test_an_embedded_target_is_given_back() -> None:
    embedded = Embedded(environment={"KEY": SECRET})
    assert resolve_target(embedded, environment={}) is embedded
    assert SECRET not in repr(embedded)


@pytest.mark.parametrize(
    "target", ["http://weaviate:8080", Local("10.0.0.1"), Custom(Endpoint("a", 1, True), Endpoint("a", 2))]
)
@pytest.mark.parametrize("arguments", [{"auth": ApiKey(SECRET)}, {"headers": {"Authorization": f"Bearer {SECRET}"}}])
def test_credentials_do_not_leave_the_machine_unencrypted(target: Any, arguments: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="allow_insecure_api_key=True") as caught:
        resolve(target, **arguments)
    assert SECRET not in str(caught.value)
    resolve(target, **arguments, allow_insecure_api_key=True)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "[::1]", "db.localhost", "LOCALHOST"])
def test_credentials_to_this_machine_need_no_encryption(host: str) -> None:
    assert resolve(f"http://{host}:8080", auth=ApiKey(SECRET)).credentials is not None


@pytest.mark.parametrize("host", ["localhost.example.org", "127.0.0.1.example.org", "notlocalhost", "0.0.0.0"])
def test_names_that_only_look_like_this_machine(host: str) -> None:
    with pytest.raises(ConfigurationError, match="unencrypted"):
        resolve(f"http://{host}:8080", auth=ApiKey(SECRET))


def test_the_refusal_names_the_variable_the_key_came_from() -> None:
    with pytest.raises(ConfigurationError, match="WEAVIATE_API_KEY"):
        resolve("http://box:8080", environment={"WEAVIATE_API_KEY": SECRET})


def test_header_names_are_lowered_and_values_kept() -> None:
    assert resolve(Local(), headers={"X-OpenAI-Api-Key": "A b"}).headers == (("x-openai-api-key", "A b"),)


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"X-Key": None}, "'X-Key' takes a string, got NoneType"),
        ({"X-Key": 3}, "got int"),
        ({"X Key": "v"}, "Not a header name"),
        ({"": "v"}, "Not a header name"),
        ({3: "v"}, "Not a header name"),
        ({"X-Key": SECRET + "\r\nx: y"}, "'X-Key' has line ends"),
        ({"X-Key": SECRET + "é"}, "characters that a header cannot carry"),
        ({"X-Key": SECRET, "x-key": SECRET}, "given twice"),
    ],
)
def test_headers_that_cannot_be_sent(headers: Any, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as caught:
        resolve(Local(), headers=headers)
    assert SECRET not in str(caught.value)


def test_two_ways_to_authenticate_are_one_too_many() -> None:
    with pytest.raises(ConfigurationError, match="leave out one"):
        resolve(Local(), auth=ApiKey(SECRET), headers={"Authorization": "Bearer x"})


def test_a_bare_string_is_not_credentials() -> None:
    with pytest.raises(ConfigurationError, match=r"auth=ApiKey\(\.\.\.\)") as caught:
        resolve(Local(), auth=SECRET)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("kind", [ApiKey, BearerToken])
@pytest.mark.parametrize("secret", ["", None, 5, SECRET + "\n", "Bearer " + SECRET, SECRET + "é"])
def test_secrets_that_cannot_be_sent(kind: Any, secret: Any) -> None:
    with pytest.raises(ConfigurationError, match=kind.__name__) as caught:
        kind(secret)
    assert SECRET not in str(caught.value)


def test_no_repr_shows_a_secret() -> None:
    settings = resolve(Local(), auth=ApiKey(SECRET), headers={"X-OpenAI-Api-Key": "sk-" + SECRET})
    for value in (ApiKey(SECRET), BearerToken(SECRET), settings):
        assert SECRET not in repr(value)
        assert SECRET not in str(value)
    assert "x-openai-api-key" in repr(settings)
    assert settings.conceal(f"got sk-{SECRET} and {SECRET}") == "got *** and ***"


@pytest.mark.parametrize("seconds", [0, -1, float("inf"), float("nan"), True, "5", None])
def test_timeouts_are_positive_numbers(seconds: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"Timeouts\.query"):
        Timeouts(query=seconds)


def test_every_patience_has_its_timeout() -> None:
    timeouts = Timeouts(connect=1, init=2, query=3, insert=4)
    assert [seconds_for(patience, timeouts) for patience in (Patience.INIT, Patience.QUERY, Patience.INSERT)] == [
        2,
        3,
        4,
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"attempts": 0},
        {"attempts": True},
        {"first_delay": -1},
        {"max_delay": float("inf")},
        {"jitter": 1.1},
        {"budget": -1},
    ],
)
def test_retry_numbers_have_ranges(change: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=f"Retry.{next(iter(change))}"):
        Retry(**change)


def test_a_client_certificate_needs_its_key() -> None:
    with pytest.raises(ConfigurationError, match="certificate and key together"):
        Tls(certificate="a.pem")


def test_settings_are_values() -> None:
    assert resolve(Local(), headers={"a": "b"}) == resolve(Local(), headers={"A": "b"})
    assert len({resolve(Local()), resolve(Local())}) == 1
