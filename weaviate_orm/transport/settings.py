"""Where a server is and how to talk to it, as frozen values. The first half users write; ``ConnectionSettings`` is what they become.

Nothing here reads a URL or the environment (``target.py`` does) or opens anything. No repr shows a credential or a header's value.
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias, cast

from weaviate_orm._version import SERVER_VERSION
from weaviate_orm.errors import ConfigurationError
from weaviate_orm.flows.retry import Retry
from weaviate_orm.types import Embedder, Generator, Reranker
from weaviate_orm.wire.call import Patience

__all__ = [
    "ApiKey",
    "BearerToken",
    "ChannelOption",
    "Cloud",
    "ConnectionSettings",
    "Credentials",
    "Custom",
    "Embedded",
    "Endpoint",
    "InProcess",
    "Local",
    "Retry",
    "Target",
    "Timeouts",
    "Tls",
    "seconds_for",
]

ChannelOption: TypeAlias = tuple[str, str | int]
"""One gRPC channel argument, such as ``("grpc.keepalive_time_ms", 60_000)``."""

DEFAULT_HTTP_PORT = 8080
DEFAULT_GRPC_PORT = 50051


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key of the server. Its repr hides the key.

    Raises:
        ConfigurationError: the key is empty, not a string, or has blanks or line ends.
    """

    key: str = field(repr=False)

    def __post_init__(self) -> None:
        _check_secret(self.key, "ApiKey")

    @property
    def secret(self) -> str:
        """The text that goes behind ``Bearer``."""
        return self.key


@dataclass(frozen=True, slots=True)
class BearerToken:
    """An access token that was obtained elsewhere, sent as it is and never refreshed. Its repr hides the token.

    Raises:
        ConfigurationError: the token is empty, not a string, or has blanks or line ends.
    """

    token: str = field(repr=False)

    def __post_init__(self) -> None:
        _check_secret(self.token, "BearerToken")

    @property
    def secret(self) -> str:
        """The text that goes behind ``Bearer``."""
        return self.token


Credentials: TypeAlias = ApiKey | BearerToken


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait, in seconds.

    Attributes:
        connect: for a connection to be made.
        init: for each call while the session opens, and for health checks.
        query: for each search, aggregation and read.
        insert: for each write.

    Raises:
        ConfigurationError: a number that is not above 0.
    """

    connect: float = 5.0
    init: float = 5.0
    query: float = 30.0
    insert: float = 90.0

    def __post_init__(self) -> None:
        for name in ("connect", "init", "query", "insert"):
            seconds: object = getattr(self, name)
            if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < math.inf:
                raise ConfigurationError(f"Timeouts.{name} is a number of seconds above 0, not {seconds!r}.")


def seconds_for(patience: Patience, timeouts: Timeouts) -> float:
    """Give the seconds for one kind of call."""
    match patience:
        case Patience.INIT:
            return timeouts.init
        case Patience.QUERY:
            return timeouts.query
        case Patience.INSERT:
            return timeouts.insert


@dataclass(frozen=True, slots=True)
class Tls:
    """Files for TLS with a private authority or a client certificate, all PEM.

    Attributes:
        authority: certificates to trust in place of the system's.
        certificate: the client's own certificate chain.
        key: the private key of ``certificate``.

    Raises:
        ConfigurationError: one of ``certificate`` and ``key`` is missing.
    """

    authority: str | Path | None = None
    certificate: str | Path | None = None
    key: str | Path | None = None

    def __post_init__(self) -> None:
        if (self.certificate is None) != (self.key is None):
            raise ConfigurationError("Tls needs certificate and key together: give both files or neither.")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One listening port.

    Raises:
        ConfigurationError: the host is empty or more than a host name, or the port is not from 1 to 65535.
    """

    host: str
    port: int
    secure: bool = False

    def __post_init__(self) -> None:
        if not self.host or any(character in self.host for character in "/@?# \t\r\n[]"):
            raise ConfigurationError(
                f"Expected a bare host name or address such as '127.0.0.1', got {self.host.rpartition('@')[2]!r}."
            )
        check_port(self.port, "port")

    @property
    def address(self) -> str:
        """Host and port: ``"127.0.0.1:8080"``, ``"[::1]:8080"``."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The address with its scheme: ``"http://127.0.0.1:8080"``."""
        return f"{'https' if self.secure else 'http'}://{self.address}"

    @property
    def is_loopback(self) -> bool:
        """Whether the host is this machine itself, by its name or address alone (no look-up)."""
        host = self.host.lower().rstrip(".")
        if host == "localhost" or host.endswith(".localhost"):
            return True
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False


@dataclass(frozen=True, slots=True)
class Local:
    """A server without TLS at two ports of one host: this machine unless ``host`` says otherwise."""

    host: str = "127.0.0.1"
    port: int = DEFAULT_HTTP_PORT
    grpc_port: int = DEFAULT_GRPC_PORT


@dataclass(frozen=True, slots=True)
class Cloud:
    """A Weaviate Cloud cluster by the REST URL that its console shows, with or without ``https://``."""

    url: str


@dataclass(frozen=True, slots=True)
class Custom:
    """A server whose REST and gRPC ports are wherever the two endpoints say."""

    http: Endpoint
    grpc: Endpoint


@dataclass(frozen=True, slots=True)
class Embedded:
    """A real server binary that the session starts and stops.

    Attributes:
        version: of the server.
        binary: path of a binary to use; ``None`` finds or builds one of ``version``.
        data_path: folder of its data; ``None`` is a temporary one.
        http_port: ``None`` is a free one.
        grpc_port: ``None`` is a free one.
        environment: variables for the server; they win over the defaults.
        startup_timeout: seconds until it has to be ready.
    """

    version: str = SERVER_VERSION
    binary: str | Path | None = None
    data_path: str | Path | None = None
    http_port: int | None = None
    grpc_port: int | None = None
    environment: Mapping[str, str] | None = field(default=None, repr=False)  # may hold keys of modules
    startup_timeout: float = 60.0


@dataclass(frozen=True, slots=True)
class InProcess:
    """The engine inside this process, in memory or in a file; no server.

    Attributes:
        path: the file that keeps the data, made where there is none; ``None`` keeps it in memory, until the session is closed.
        embedder: makes vectors of texts, in the place of every text2vec module: a callable from a list of texts to an array of shape
            ``(texts, dimensions)``, or a mapping from modules' names to such callables. ``"automatic"`` is WordLlama, where the extra
            ``local`` is installed; ``None`` is nothing.
        reranker: gives a number to each text of a list, high is best, for a query: ``(query, texts) -> numbers``; or a mapping too.
        generator: answers a prompt with a text, in the place of every generative module: ``(prompt) -> text``; or a mapping too.
    """

    path: str | Path | None = None
    embedder: Embedder | Mapping[str, Embedder] | Literal["automatic"] | None = field(default="automatic", repr=False)
    reranker: Reranker | Mapping[str, Reranker] | None = field(default=None, repr=False)
    generator: Generator | Mapping[str, Generator] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.path is not None and str(self.path).startswith((":memory:", "file:")):
            raise ConfigurationError(
                f"InProcess(path=...) takes the path of a file, not {str(self.path)!r}. InProcess() alone is in memory."
            )
        for name in ("embedder", "reranker", "generator"):
            given: object = getattr(self, name)
            if given is None or callable(given) or (name == "embedder" and given == "automatic"):
                continue
            if not isinstance(given, Mapping) or not all(
                callable(each) for each in cast("Mapping[str, object]", given).values()
            ):
                raise ConfigurationError(
                    f"InProcess({name}=...) takes a function, or a mapping from modules' names to functions, not {given!r:.80}."
                )


Target: TypeAlias = Local | Cloud | Custom | Embedded | InProcess


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """Everything a transport needs to know about one server.

    Attributes:
        http: the REST port.
        grpc: the gRPC port.
        credentials: sent as ``authorization: Bearer ...`` on both.
        headers: names in lower case, sent on both; the repr shows the names alone.
        timeouts: in seconds.
        retry: for the flows that repeat calls.
        tls: files for TLS; ``None`` trusts the system's authorities.
        channel_options: appended to the gRPC channel's, so they win.
        trust_env: whether proxies named by the environment are used; never for this machine itself.
        cloud: whether the host is in one of Weaviate Cloud's domains.
    """

    http: Endpoint
    grpc: Endpoint
    credentials: Credentials | None = None
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    timeouts: Timeouts = field(default_factory=Timeouts)
    retry: Retry = field(default_factory=Retry)
    tls: Tls | None = None
    channel_options: tuple[ChannelOption, ...] = ()
    trust_env: bool = True
    cloud: bool = False

    def __repr__(self) -> str:
        names = ", ".join(name for name, _ in self.headers)
        return (
            f"ConnectionSettings(http={self.http.url!r}, grpc={self.grpc.url!r}, credentials={self.credentials!r}, "
            f"headers=[{names}], timeouts={self.timeouts!r}, retry={self.retry!r})"
        )

    def conceal(self, text: str) -> str:
        """Give ``text`` with every credential and header value replaced, for errors that quote the other side."""
        # Header values shorter than any key would tear ordinary words apart.
        secrets = [value for _, value in self.headers if len(value) >= 8]
        if self.credentials is not None:
            secrets.append(self.credentials.secret)
        # Longest first, so that a value inside another does not leave half of it.
        for secret in sorted(secrets, key=len, reverse=True):
            text = text.replace(secret, "***")
        return text


def check_port(port: object, name: str) -> None:
    """Refuse what is not a port number, naming the argument."""
    if isinstance(port, bool) or not isinstance(port, int) or not 1 <= port <= 65535:
        raise ConfigurationError(f"{name} is a number from 1 to 65535, not {port!r}.")


def _check_secret(secret: object, name: str) -> None:
    if not isinstance(secret, str):
        raise ConfigurationError(
            f"{name} takes a string, got {type(secret).__name__}. Is its environment variable set?"
        )
    if not secret:
        raise ConfigurationError(f"{name} got an empty string. Is its environment variable set?")
    if not secret.isascii() or not secret.isprintable() or " " in secret:
        raise ConfigurationError(
            f"{name} got a text with blanks, line ends or characters that a header cannot carry. "
            "If it was read from a file, strip() it; leave out a leading 'Bearer'."
        )
