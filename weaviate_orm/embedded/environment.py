"""What environment a server gets: nothing of the parent's but the machine's own facts, then ours, then the caller's.

A variable such as ``ENABLE_MODULES`` or ``GRPC_PORT`` that happens to be set in a developer's shell must not change what an embedded
server does, so the parent's environment is not passed on as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from weaviate_orm.embedded.ports import ServerPorts
from weaviate_orm.errors import ConfigurationError

__all__ = ["server_environment"]

# Facts about the machine and the user. The loader paths are for the Python of the supervisor, the proxies and certificates for modules
# that call a model provider.
_INHERITED = frozenset(
    {
        "DYLD_LIBRARY_PATH", "HOME", "HTTPS_PROXY", "HTTP_PROXY", "LANG", "LD_LIBRARY_PATH", "LOGNAME", "NO_PROXY", "PATH",
        "SSL_CERT_DIR", "SSL_CERT_FILE", "TMPDIR", "TZ", "USER", "http_proxy", "https_proxy", "no_proxy",
    }
)  # fmt: skip
_INHERITED_PREFIX = "LC_"

# Set from arguments of EmbeddedServer.start(), which also needs to know them.
_OWNED = {"GRPC_PORT": "grpc_port=", "PERSISTENCE_DATA_PATH": "data_path="}


def server_environment(
    ports: ServerPorts, data: Path, *, overrides: Mapping[str, str], parent: Mapping[str, str]
) -> dict[str, str]:
    """Give the server's whole environment: the parent's machine facts, a one-node set-up on loopback, then ``overrides``.

    Raises:
        ConfigurationError: ``overrides`` names a variable that is set by an argument.
    """
    for name in sorted(_OWNED.keys() & overrides.keys()):
        raise ConfigurationError(
            f"environment names {name}, which the embedded server sets itself. Use {_OWNED[name]} instead."
        )
    inherited = {
        name: value for name, value in parent.items() if name in _INHERITED or name.startswith(_INHERITED_PREFIX)
    }
    return {**inherited, **_one_node(ports, data), **overrides}


def _one_node(ports: ServerPorts, data: Path) -> dict[str, str]:
    return {
        "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED": "true",
        # Without an address the server looks for a private interface, and fails where there is none.
        "CLUSTER_ADVERTISE_ADDR": "127.0.0.1",
        "CLUSTER_BIND_ADDR": "127.0.0.1",
        "CLUSTER_DATA_BIND_PORT": str(ports.data),
        "CLUSTER_GOSSIP_BIND_PORT": str(ports.gossip),
        # A data folder remembers the name of its node.
        "CLUSTER_HOSTNAME": "node1",
        "DISABLE_TELEMETRY": "true",
        # The default of 90 makes every shard read-only on a developer's full disk.
        "DISK_USE_READONLY_PERCENTAGE": "100",
        "GO_PROFILING_DISABLE": "true",
        "GRPC_PORT": str(ports.grpc),
        "PERSISTENCE_DATA_PATH": str(data),
        "RAFT_BOOTSTRAP_EXPECT": "1",
        "RAFT_INTERNAL_RPC_PORT": str(ports.raft_rpc),
        "RAFT_PORT": str(ports.raft),
        # Five, meant for members that are far apart, makes a lone node wait 8 seconds for its own vote instead of 2.
        "RAFT_TIMEOUTS_MULTIPLIER": "1",
    }
