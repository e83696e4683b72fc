"""Who may come in, and where the server may listen."""

from __future__ import annotations

import socket

import pytest

from weaviate_orm import ConfigurationError
from weaviate_orm.serving.access import Access, is_loopback, resolve_host

NOBODY = "anonymous access not enabled. Please authenticate through one of the available methods: [API-keys]"


def test_without_keys_everybody_may_come_in() -> None:
    assert Access().refusal(None) is None
    assert Access().refusal("Bearer whatever") is None


@pytest.mark.parametrize(
    ("authorization", "said"),
    [
        ("Bearer first", None),
        ("Bearer second", None),
        (None, NOBODY),
        ("bearer first", NOBODY),
        ("Basic first", NOBODY),
        ("Bearer firs", "unauthorized: invalid api key"),
        ("Bearer first ", "unauthorized: invalid api key"),
        ("Bearer ", "unauthorized: invalid api key"),
        ("Bearer schlüssel", "unauthorized: invalid api key"),
    ],
)
def test_with_keys_only_who_has_one(authorization: str | None, said: str | None) -> None:
    assert Access.from_text(" first, second,").refusal(authorization) == said


def test_keys_are_not_shown() -> None:
    assert "first" not in repr(Access(("first",)))


@pytest.mark.parametrize("key", ["", "two words", "line\n", "schlüssel"])
def test_keys_that_no_header_can_carry(key: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Access((key,))
    assert not key or key not in str(caught.value)


@pytest.mark.parametrize("text", [None, "", " ", ","])
def test_an_empty_variable_is_no_key(text: str | None) -> None:
    assert Access.from_text(text) == Access()


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.8.8.8", "::1", "[::1]"])
def test_this_machine(host: str) -> None:
    assert is_loopback((host,))


@pytest.mark.parametrize(
    "host", ["", "example.org", "localhost.example.org", "0.0.0.0", "192.168.1.1", "::", "127.0.0.1.nip.io"]
)
def test_other_machines(host: str) -> None:
    assert not is_loopback((host,))


def test_the_network_needs_a_key_or_a_decision() -> None:
    with pytest.raises(ConfigurationError, match=r"WEAVIATE_SERVE_API_KEYS.*--anonymous"):
        resolve_host("0.0.0.0", protected=False, anonymous=False)
    assert resolve_host("0.0.0.0", protected=True, anonymous=False) == "0.0.0.0"
    assert resolve_host("0.0.0.0", protected=False, anonymous=True) == "0.0.0.0"
    assert is_loopback((resolve_host("localhost", protected=False, anonymous=False),))


def test_a_host_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*arguments: object, **options: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(ConfigurationError, match=r"is unknown: .*too long"):
        resolve_host("a" * 64, protected=False, anonymous=False)
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(ConfigurationError, match=r"'nowhere\.test' is unknown: .*not known"):
        resolve_host("nowhere.test", protected=False, anonymous=False)
