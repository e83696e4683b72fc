"""Who may come in: API keys, with the server's words for those who may not, and which hosts a server may listen on."""

from __future__ import annotations

import hmac
import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field

from weaviate_orm.errors import ConfigurationError

__all__ = ["KEYS_VARIABLE", "Access", "is_loopback", "resolve_host"]

KEYS_VARIABLE = "WEAVIATE_SERVE_API_KEYS"
"""Where ``weaviate-orm serve`` reads the API keys that it accepts, separated by commas. An argument would be seen by every user of the
machine."""

_ANONYMOUS = (
    "anonymous access not enabled. Please authenticate through one of the available methods: [API-keys]"  # the server's
)
_WRONG_KEY = "unauthorized: invalid api key"
_PREFIX = "Bearer "


@dataclass(frozen=True, slots=True)
class Access:
    """The API keys that are accepted; everybody may come in when there are none. The repr hides them.

    Raises:
        ConfigurationError: an empty key, or one that no header can carry.
    """

    keys: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        for key in self.keys:
            if not key or not key.isascii() or not key.isprintable() or " " in key:
                raise ConfigurationError(
                    "An API key is empty, or has blanks, line ends or characters that a header cannot carry."
                )

    @classmethod
    def from_text(cls, text: str | None) -> Access:
        """Read keys that are separated by commas, as the environment has them."""
        return cls(tuple(key.strip() for key in text.split(",") if key.strip()) if text else ())

    def refusal(self, authorization: str | None) -> str | None:
        """Give the server's words for a request that may not come in, or ``None``.

        Args:
            authorization: the header's value; anything that does not start with ``"Bearer "`` counts as none.
        """
        if not self.keys:
            return None
        if authorization is None or not authorization.startswith(_PREFIX):
            return _ANONYMOUS
        given = authorization.removeprefix(_PREFIX).encode()
        # No early end, so that the time says nothing about the keys.
        matches = [hmac.compare_digest(given, key.encode()) for key in self.keys]
        return None if any(matches) else _WRONG_KEY


def resolve_host(host: str, *, protected: bool, anonymous: bool) -> str:
    """Give the address that a host's name means.

    Args:
        protected: whether API keys are asked for.
        anonymous: whether a host that others can reach may be open to everybody.

    Raises:
        ConfigurationError: no such host, or one that would open the data to the network without a key.
    """
    try:
        address = str(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0])
    except (OSError, UnicodeError) as error:  # the second for names that cannot be one
        raise ConfigurationError(f"The host {host!r} is unknown: {error}.") from error
    if not (is_loopback((address,)) or protected or anonymous):
        raise ConfigurationError(
            f"Other machines can reach {host!r}, and everybody could read and change the data. Set {KEYS_VARIABLE} to the API keys "
            "to accept, pass --anonymous (anonymous=True) if the network is trusted, or listen on 127.0.0.1."
        )
    return address


def is_loopback(hosts: Iterable[str]) -> bool:
    """Tell whether all of these names or addresses mean this machine itself, without looking them up."""
    return all(_is_loopback(host.strip("[]").rstrip(".").lower()) for host in hosts)


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
