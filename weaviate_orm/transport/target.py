"""What users pass as a session's target -> ``ConnectionSettings``: the one reader of URLs, headers and the environment's defaults.

Everything that cannot work is refused here, before anything is opened, and nothing that is refused shows a credential.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast
from urllib.parse import SplitResult, urlsplit

from weaviate_orm.errors import ConfigurationError
from weaviate_orm.flows.retry import Retry
from weaviate_orm.transport.settings import (
    DEFAULT_GRPC_PORT,
    ApiKey,
    BearerToken,
    ChannelOption,
    Cloud,
    ConnectionSettings,
    Credentials,
    Custom,
    Embedded,
    Endpoint,
    InProcess,
    Local,
    Target,
    Timeouts,
    Tls,
    check_port,
)

__all__ = ["API_KEY_VARIABLE", "URL_VARIABLE", "resolve_target"]

URL_VARIABLE = "WEAVIATE_URL"
API_KEY_VARIABLE = "WEAVIATE_API_KEY"

_CLOUD_DOMAINS = (".weaviate.cloud", ".weaviate.network", ".weaviate.io")
_FILE_ENDINGS = (".db", ".sqlite", ".sqlite3")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_HEADER_NAME = re.compile(r"[a-z0-9_.-]+")


def resolve_target(
    target: str | Path | Target | None = None,
    *,
    grpc_port: int | None = None,
    auth: Credentials | None = None,
    headers: Mapping[str, str] | None = None,
    timeouts: Timeouts | None = None,
    retry: Retry | None = None,
    tls: Tls | None = None,
    channel_options: Iterable[ChannelOption] = (),
    trust_env: bool = True,
    allow_insecure_api_key: bool = False,
    environment: Mapping[str, str] | None = None,
) -> ConnectionSettings | Embedded | InProcess:
    """Turn a session's arguments into the settings of a connection; an ``Embedded`` or ``InProcess`` is given back as it is.

    Args:
        target: a URL, a file's path, one of the target values, or ``None`` for the URL in ``WEAVIATE_URL`` and, where that is not set,
            an engine in memory.
        grpc_port: beside a URL; 50051 when left out. The target values have their own.
        auth: credentials; the key in ``WEAVIATE_API_KEY`` when left out.
        headers: sent with every call on both ports, such as the API keys of modules.
        allow_insecure_api_key: send credentials over plain HTTP to another machine.
        environment: read in place of ``os.environ``.

    Raises:
        ConfigurationError: something that cannot work, with what to write instead.
    """
    variables = os.environ if environment is None else environment
    if target is None:
        target = variables.get(URL_VARIABLE) or None
    if target is None:
        return _without_target({"auth": auth, "grpc_port": grpc_port, "tls": tls})
    if isinstance(target, Path) or (isinstance(target, str) and _is_path(target)):
        target = InProcess(target)
    if grpc_port is not None:
        check_port(grpc_port, "grpc_port")
        if not isinstance(target, str):
            kind = type(target).__name__
            says = "has no ports" if isinstance(target, InProcess) else "says where gRPC is itself"
            raise ConfigurationError(f"grpc_port= goes with a URL; {kind}(...) {says}.")
    if isinstance(target, Embedded | InProcess):
        return target
    http, grpc = _endpoints(target, grpc_port)
    sent = _headers(headers)
    credentials = _credentials(auth, sent, variables)
    settings = ConnectionSettings(
        http=http,
        grpc=grpc,
        credentials=credentials,
        headers=tuple(sent.items()),
        timeouts=timeouts or Timeouts(),
        retry=retry or Retry(),
        tls=tls,
        channel_options=tuple(channel_options),
        trust_env=trust_env,
        cloud=_is_cloud(http.host),
    )
    if not allow_insecure_api_key and (credentials is not None or "authorization" in sent):
        _refuse_open_credentials(settings, from_environment=auth is None and "authorization" not in sent)
    return settings


def _without_target(for_a_server: Mapping[str, object]) -> InProcess:
    """What only a server has use for means that one was meant: data must not go to memory because a variable is not set."""
    given = [name for name, value in for_a_server.items() if value is not None]
    if given:
        raise ConfigurationError(
            f"{given[0]}= is for a server, and no server is named: pass its URL, or set {URL_VARIABLE}. "
            "Session() alone is an engine in this process."
        )
    return InProcess()


def _is_path(text: str) -> bool:
    """Tell a file's path from a URL that lacks something: it starts as paths do, or ends as database files do."""
    shown = text.strip()
    return "://" not in shown and (
        shown.startswith((".", "/", "~", "\\"))
        or shown.lower().endswith(_FILE_ENDINGS)
        or _DRIVE.match(shown) is not None
    )


def _endpoints(target: str | Local | Cloud | Custom, grpc_port: int | None) -> tuple[Endpoint, Endpoint]:
    match target:
        case str():
            http, grpc = _from_url(target, grpc_port)
        case Local(host, port, local_grpc_port):
            http, grpc = Endpoint(host, port), Endpoint(host, local_grpc_port)
        case Cloud(url):
            http, grpc = _from_cloud(_split(url if "://" in url else f"https://{url}"), None)
        case Custom(http, grpc):
            pass
        case _:  # pyright: ignore[reportUnnecessaryComparison]  # callers without a type checker
            raise ConfigurationError(
                f"A target is a URL, a file's path, Local, Cloud, Custom, Embedded or InProcess, not {type(target).__name__}."
            )
    # With TLS a proxy can tell the two apart by path; without, the server's two ports speak different protocols.
    if http.address == grpc.address and not (http.secure and grpc.secure):
        raise ConfigurationError(
            f"REST and gRPC cannot share {http.address}: Weaviate listens on two ports, 8080 and 50051 unless configured otherwise."
        )
    return http, grpc


def _from_url(text: str, grpc_port: int | None) -> tuple[Endpoint, Endpoint]:
    url = _split(text)
    host = url.hostname or ""
    if _is_cloud(host):
        return _from_cloud(url, grpc_port)
    secure = url.scheme == "https"
    http = Endpoint(host, _port(url) or (443 if secure else 80), secure)
    return http, Endpoint(host, grpc_port or DEFAULT_GRPC_PORT, secure)


def _from_cloud(url: SplitResult, grpc_port: int | None) -> tuple[Endpoint, Endpoint]:
    host = url.hostname or ""
    if url.scheme != "https" or (_port(url) or 443) != 443 or (grpc_port or 443) != 443:
        raise ConfigurationError(
            f"Weaviate Cloud serves REST and gRPC over TLS at port 443 only: write 'https://{host}'."
        )
    first, _, rest = host.partition(".")
    grpc_host = f"{first}.grpc.{rest}" if host.endswith(".weaviate.network") else f"grpc-{host}"
    return Endpoint(host, 443, secure=True), Endpoint(grpc_host, 443, secure=True)


def _split(text: str) -> SplitResult:
    """Take a URL apart and refuse everything but scheme, host and port. Errors never quote a part that may hold a password."""
    shown = text.strip().rpartition("@")[2]
    if "://" not in text:
        raise ConfigurationError(_missing_scheme(shown))
    scheme = text.strip().partition("://")[0].lower()
    if scheme not in ("http", "https"):
        raise ConfigurationError(f"A server's URL starts with http:// or https://, not {scheme + '://'!r}.")
    try:
        url = urlsplit(text.strip())
        host = url.hostname
    except ValueError as error:
        raise ConfigurationError(
            f"Not a URL: {shown!r} ({error}). Expected a form such as 'http://localhost:8080'."
        ) from None
    if "@" in url.netloc:
        raise ConfigurationError(
            f"The URL holds a user name or password before {shown!r}. Weaviate does not take them; pass auth=ApiKey(...)."
        )
    if not host:
        raise ConfigurationError(f"The URL {shown!r} names no host. Expected a form such as 'http://localhost:8080'.")
    if url.path.strip("/") or url.query or url.fragment:
        raise ConfigurationError(
            f"A server's URL is scheme, host and port; leave out what follows: '{url.scheme}://{url.netloc}'."
        )
    return url


def _missing_scheme(shown: str) -> str:
    if not shown:
        return "The URL is empty. Expected a form such as 'http://localhost:8080'."
    if shown == ":memory:":  # what SQLite calls it
        return "The URL ':memory:' lacks its scheme. For an engine in memory pass InProcess()."
    host = shown.partition("/")[0].partition(":")[0].lower()
    scheme = "https" if _is_cloud(host) else "http"
    file = "" if ":" in shown or "." in shown else f" For a file write './{shown}'."
    return f"The URL {shown!r} lacks its scheme; did you mean '{scheme}://{shown}'?{file}"


def _port(url: SplitResult) -> int | None:
    try:
        port = url.port
    except ValueError:
        port = 0
    if port == 0:
        raise ConfigurationError(f"The port in '{url.scheme}://{url.netloc}' is not a number from 1 to 65535.")
    return port


def _is_cloud(host: str) -> bool:
    return host.lower().endswith(_CLOUD_DOMAINS)


def _headers(headers: Mapping[str, str] | None) -> dict[str, str]:
    """Lower the names and check both sides; a refused value is never quoted."""
    result: dict[str, str] = {}
    items = cast(Iterable[tuple[object, object]], (headers or {}).items())  # callers without a type checker
    for name, value in items:
        if not isinstance(name, str) or not _HEADER_NAME.fullmatch(name.lower()):
            raise ConfigurationError(f"Not a header name: {name!r}. Names have letters, digits, '-', '_' and '.'.")
        if not isinstance(value, str):
            raise ConfigurationError(
                f"The header {name!r} takes a string, got {type(value).__name__}. Is its environment variable set?"
            )
        if not value.isascii() or not value.isprintable():
            raise ConfigurationError(
                f"The header {name!r} has line ends or characters that a header cannot carry. strip() it."
            )
        if name.lower() in result:
            raise ConfigurationError(f"The header {name.lower()!r} is given twice; case does not tell headers apart.")
        result[name.lower()] = value
    return result


def _credentials(auth: object, headers: Mapping[str, str], variables: Mapping[str, str]) -> Credentials | None:
    if auth is None:
        # A header written by hand says how to authenticate, so the environment's default stays out of it.
        key = None if "authorization" in headers else variables.get(API_KEY_VARIABLE)
        return ApiKey(key) if key else None
    if not isinstance(auth, ApiKey | BearerToken):
        hint = " Wrap the string: auth=ApiKey(...)." if isinstance(auth, str) else ""
        raise ConfigurationError(f"auth= takes ApiKey(...) or BearerToken(...), got {type(auth).__name__}.{hint}")
    if "authorization" in headers:
        raise ConfigurationError("Both auth= and an 'authorization' header are given; leave out one of them.")
    return auth


def _refuse_open_credentials(settings: ConnectionSettings, *, from_environment: bool) -> None:
    for endpoint in (settings.http, settings.grpc):
        if endpoint.secure or endpoint.is_loopback:
            continue
        source = f"The key in {API_KEY_VARIABLE}" if from_environment else "The credentials"
        raise ConfigurationError(
            f"{source} would travel unencrypted to {endpoint.address}. Use https://, or pass allow_insecure_api_key=True "
            "if the network in between is trusted."
        )
