"""Which TCP ports a server gets.

A port is chosen by asking the system for a free one and letting it go again, so somebody else may take it before the server binds it;
``server.py`` starts over with new ports when that happens.
"""

from __future__ import annotations

import socket
from contextlib import ExitStack
from dataclasses import dataclass

from weaviate_orm.errors import EmbeddedError

__all__ = ["ServerPorts", "choose_ports"]

# The gRPC listener binds every interface, so a port must be free on all of them, not on loopback alone.
_EVERYWHERE = ""
_LOOPBACK = "127.0.0.1"
_ATTEMPTS = 100


@dataclass(frozen=True, slots=True)
class ServerPorts:
    """The ports of one server. ``data`` is ``gossip + 1``, which is where other members of a cluster look for it."""

    http: int
    grpc: int
    gossip: int
    data: int
    raft: int
    raft_rpc: int


def choose_ports(http: int | None = None, grpc: int | None = None) -> ServerPorts:
    """Give six different ports that are free now; a port that is named is checked and kept.

    Raises:
        EmbeddedError: a named port is taken, or both names are the same port.
    """
    if http is not None and http == grpc:
        raise EmbeddedError(
            f"http_port and grpc_port must differ; both are {http}. Leave one out to have a free one chosen."
        )
    for name, port in (("http_port", http), ("grpc_port", grpc)):
        if port is not None and not _is_free(port):
            raise EmbeddedError(
                f"{name}={port} is taken by another program. Stop it, or leave {name} out to have a free port chosen."
            )
    named = {port for port in (http, grpc) if port is not None}
    with ExitStack() as held:
        for _ in range(_ATTEMPTS):
            gossip = _hold(held, 0)
            # Gossip speaks UDP on its port as well.
            pair = gossip is not None and _hold(held, gossip, socket.SOCK_DGRAM) and _hold(held, gossip + 1)
            others = [_hold(held, 0) for _ in range(4)]
            if gossip is None or not pair or named & {gossip, gossip + 1, *others}:
                continue
            free_http, free_grpc, raft, raft_rpc = (port for port in others if port is not None)
            return ServerPorts(
                http=http if http is not None else free_http,
                grpc=grpc if grpc is not None else free_grpc,
                gossip=gossip,
                data=gossip + 1,
                raft=raft,
                raft_rpc=raft_rpc,
            )
    raise EmbeddedError(
        f"found no six free TCP ports in {_ATTEMPTS} attempts. Close programs that listen, and try again."
    )


def _hold(held: ExitStack, port: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> int | None:
    """Bind a port (0: any) until the stack closes and give its number, or ``None`` when it is taken or does not exist."""
    holder = held.enter_context(socket.socket(socket.AF_INET, kind))
    try:
        holder.bind((_EVERYWHERE, port))
    except (OSError, OverflowError):  # OverflowError: above 65535
        return None
    number: int = holder.getsockname()[1]
    return number


def _is_free(port: int) -> bool:
    for address in (_EVERYWHERE, _LOOPBACK):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            # As the server's own listener does: connections of an earlier run that linger in TIME_WAIT are no obstacle.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OverflowError:
                raise EmbeddedError(f"a port is a number from 1 to 65535, not {port}.") from None
            except OSError:
                return False
    return True
