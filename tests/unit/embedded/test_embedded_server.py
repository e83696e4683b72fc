"""One server from start to stop: what it is given, when it counts as ready, and that it always ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from weaviate_orm.embedded import EmbeddedServer
from weaviate_orm.embedded.environment import server_environment
from weaviate_orm.embedded.ports import ServerPorts, choose_ports
from weaviate_orm.embedded.process import SupervisedProcess
from weaviate_orm.errors import ConfigurationError, EmbeddedError

REPOSITORY = Path(__file__).resolve().parents[3]
PORTS = ServerPorts(http=1, grpc=2, gossip=3, data=4, raft=5, raft_rpc=6)


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))


def temporary(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "temporary").iterdir())


def seen(data: Path) -> dict[str, Any]:
    """What the fake server noted of its arguments, folder and environment."""
    noted: dict[str, Any] = json.loads((data / "seen.json").read_text())
    return noted


# A server that behaves


def test_a_server_says_where_it_is(fake_binary: Path, tmp_path: Path, vanishes: Callable[[int], bool]) -> None:
    with EmbeddedServer.start(binary=fake_binary) as server:
        assert server.url == f"http://127.0.0.1:{server.http_port}"
        assert server.grpc_port != server.http_port
        assert server.version == "9.8.7"
        assert "fake starting" in server.log.read_text()
        assert repr(server) == (
            f"<EmbeddedServer 9.8.7 at {server.url}, gRPC port {server.grpc_port}, pid {server.pid}>"
        )
        noted = seen(server.log.parent / "data")
        assert noted["arguments"] == ["--host", "127.0.0.1", "--port", str(server.http_port), "--scheme", "http"]
        assert Path(noted["folder"]) == (server.log.parent / "data").resolve()
        assert noted["environment"]["GRPC_PORT"] == str(server.grpc_port)
        os.kill(server.pid, 0)
    assert repr(server).endswith("stopped>")
    assert vanishes(server.pid)
    assert temporary(tmp_path) == []


def test_stop_twice_and_a_second_server(fake_binary: Path, vanishes: Callable[[int], bool]) -> None:
    first = EmbeddedServer.start(binary=fake_binary)
    with EmbeddedServer.start(binary=fake_binary) as second:
        assert {first.http_port, first.grpc_port}.isdisjoint({second.http_port, second.grpc_port})
        first.stop()
        first.stop()
        assert vanishes(first.pid)
        os.kill(second.pid, 0)


def test_a_data_folder_is_kept_and_used_by_one_server_at_a_time(fake_binary: Path, tmp_path: Path) -> None:
    data = tmp_path / "kept" / "data"
    with EmbeddedServer.start(binary=fake_binary, data_path=data) as server:
        assert server.log.parent == data
        with pytest.raises(EmbeddedError, match="is in use by another embedded server"):
            EmbeddedServer.start(binary=fake_binary, data_path=data)
        os.kill(server.pid, 0)
        assert "fake starting" in server.log.read_text()
    assert (data / "stopped").exists()
    with EmbeddedServer.start(binary=fake_binary, data_path=data) as again:
        assert again.log == server.log
    assert seen(data)["environment"]["PERSISTENCE_DATA_PATH"] == str(data)


def test_named_ports_are_used(fake_binary: Path) -> None:
    ports = choose_ports()
    with EmbeddedServer.start(binary=fake_binary, http_port=ports.http, grpc_port=ports.grpc) as server:
        assert (server.http_port, server.grpc_port) == (ports.http, ports.grpc)


def test_a_version_that_differs_from_the_one_asked_for_is_told(
    fake_binary: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with EmbeddedServer.start("1.2.3", binary=fake_binary):
        assert "asked for Weaviate 1.2.3" in caplog.text
        assert "9.8.7" in caplog.text


# Environment


def test_nothing_leaks_from_the_parent(fake_binary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ENABLE_MODULES", "OPENAI_APIKEY", "WEAVIATE_API_KEY", "RAFT_JOIN", "GRPC_PORT", "PYTHONPATH"):
        monkeypatch.setenv(name, "from the parent")
    monkeypatch.setenv("LC_TIME", "C")
    with EmbeddedServer.start(binary=fake_binary, environment={"QUERY_DEFAULTS_LIMIT": "7"}) as server:
        environment = seen(server.log.parent / "data")["environment"]
    assert "from the parent" not in environment.values()
    assert environment["QUERY_DEFAULTS_LIMIT"] == "7"
    assert environment["LC_TIME"] == "C"
    assert environment["PATH"] == os.environ["PATH"]


def test_overrides_win_over_defaults_and_defaults_over_the_parent() -> None:
    environment = server_environment(
        PORTS,
        Path("/data"),
        overrides={"AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED": "false", "HOME": "/elsewhere"},
        parent={"HOME": "/home/ada", "LANG": "C", "CLUSTER_HOSTNAME": "other", "DISABLE_TELEMETRY": "false"},
    )
    assert environment["AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED"] == "false"
    assert environment["HOME"] == "/elsewhere"
    assert environment["LANG"] == "C"
    assert environment["CLUSTER_HOSTNAME"] == "node1"
    assert environment["DISABLE_TELEMETRY"] == "true"
    assert [environment[name] for name in ("GRPC_PORT", "CLUSTER_GOSSIP_BIND_PORT", "CLUSTER_DATA_BIND_PORT")] == [
        "2",
        "3",
        "4",
    ]
    assert (environment["RAFT_PORT"], environment["RAFT_INTERNAL_RPC_PORT"]) == ("5", "6")


@pytest.mark.parametrize(("name", "argument"), [("GRPC_PORT", "grpc_port="), ("PERSISTENCE_DATA_PATH", "data_path=")])
def test_what_an_argument_sets_is_refused(fake_binary: Path, tmp_path: Path, name: str, argument: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{name}.*Use {argument}"):
        EmbeddedServer.start(binary=fake_binary, environment={name: "1"})
    assert temporary(tmp_path) == []


# A server that does not come up


def test_an_early_death_quotes_the_log(fake_binary: Path, tmp_path: Path) -> None:
    with pytest.raises(EmbeddedError, match="ended with status 3 before it was ready") as caught:
        EmbeddedServer.start(binary=fake_binary, environment={"FAKE": "die"})
    assert "\n    fatal: cannot go on: no luck" in str(caught.value)
    assert caught.value.log is not None
    assert caught.value.log in str(caught.value)
    assert "cannot go on" in Path(caught.value.log).read_text()
    assert [path.name for path in Path(caught.value.log).parent.iterdir()] == ["weaviate_orm.log"]
    assert len(temporary(tmp_path)) == 1


def test_the_quote_leaves_out_earlier_starts(fake_binary: Path, tmp_path: Path) -> None:
    (tmp_path / "weaviate_orm.log").write_text("from last week: address already in use\n")
    with pytest.raises(EmbeddedError) as caught:
        EmbeddedServer.start(binary=fake_binary, data_path=tmp_path, environment={"FAKE": "die"})
    assert "last week" not in str(caught.value)
    assert (tmp_path / "weaviate_orm.log").read_text().startswith("from last week")


@pytest.mark.parametrize(("fault", "silent"), [("no-rest", "REST"), ("no-grpc", "gRPC")])
def test_one_half_alone_is_not_ready(fake_binary: Path, fault: str, silent: str) -> None:
    with pytest.raises(EmbeddedError, match=f"within 1.5 seconds: {silent} does not serve yet"):
        EmbeddedServer.start(binary=fake_binary, environment={"FAKE": fault}, startup_timeout=1.5)


def test_a_file_that_is_no_program(tmp_path: Path) -> None:
    nonsense = tmp_path / "weaviate-server"
    nonsense.write_bytes(b"\x00\x01\x02")
    nonsense.chmod(0o755)
    with pytest.raises(EmbeddedError, match=f"could not start {nonsense}: .*Exec format error"):
        EmbeddedServer.start(binary=nonsense)


def test_a_data_folder_that_cannot_be_made(fake_binary: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedError, match=r"cannot keep the server's data in .*file/data"):
        EmbeddedServer.start(binary=fake_binary, data_path=tmp_path / "file" / "data")


# Ports


def test_a_lost_port_is_replaced(fake_binary: Path, tmp_path: Path) -> None:
    lost = tmp_path / "lost"
    environment = {"FAKE": "lose-port", "FAKE_LOST": str(lost), "FAKE_LOSES": "2"}
    with EmbeddedServer.start(binary=fake_binary, environment=environment) as server:
        attempts = lost.read_text().splitlines()
        assert len(attempts) == len(set(attempts)) == 3
        assert attempts[-1] == f"{server.http_port} {server.grpc_port}"
    assert temporary(tmp_path) == []


def test_ports_are_not_lost_for_ever(fake_binary: Path, tmp_path: Path) -> None:
    lost = tmp_path / "lost"
    environment = {"FAKE": "lose-port", "FAKE_LOST": str(lost), "FAKE_LOSES": "100"}
    with pytest.raises(EmbeddedError, match="address already in use") as caught:
        EmbeddedServer.start(binary=fake_binary, environment=environment)
    assert caught.value.log is not None
    assert temporary(tmp_path) == [Path(caught.value.log).parent.name]
    assert len(lost.read_text().splitlines()) == 5


@pytest.mark.parametrize("name", ["http_port", "grpc_port"])
@pytest.mark.parametrize("address", ["127.0.0.1", ""])
def test_a_named_port_that_is_taken(name: str, address: str) -> None:
    with socket.create_server((address, 0)) as holder:
        port = holder.getsockname()[1]
        with pytest.raises(EmbeddedError, match=f"{name}={port} is taken"):
            choose_ports(port if name == "http_port" else None, port if name == "grpc_port" else None)


def test_impossible_ports() -> None:
    with pytest.raises(EmbeddedError, match="http_port and grpc_port must differ"):
        choose_ports(9999, 9999)
    with pytest.raises(EmbeddedError, match="from 1 to 65535, not 70000"):
        choose_ports(70000)


def test_six_different_ports() -> None:
    ports = choose_ports()
    numbers = [ports.http, ports.grpc, ports.gossip, ports.data, ports.raft, ports.raft_rpc]
    assert len(set(numbers)) == 6
    assert ports.data == ports.gossip + 1


# Always ends


def run(program: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a Python that has the package, as the owner of a server."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


START = "import os, sys; from pathlib import Path; from weaviate_orm.embedded import EmbeddedServer\n"
START += "server = EmbeddedServer.start(binary=Path(sys.argv[1])); print(server.pid, flush=True)\n"


def test_a_killed_parent_takes_its_server_along(
    fake_binary: Path, tmp_path: Path, vanishes: Callable[[int], bool]
) -> None:
    with run(START + "sys.stdin.read()", fake_binary) as owner:
        pid = int(line(owner))
        os.kill(pid, 0)
        owner.send_signal(signal.SIGKILL)
        assert vanishes(pid)
    for _ in range(200):  # the supervisor removes the folder once the server has ended
        if not temporary(tmp_path):
            break
        time.sleep(0.05)
    assert temporary(tmp_path) == []


@pytest.mark.parametrize("fork", ["os.fork()", "ctypes.CDLL(None).fork()"], ids=["python", "foreign"])
def test_a_fork_does_not_keep_the_server_of_a_killed_parent(
    fake_binary: Path, vanishes: Callable[[int], bool], fork: str
) -> None:
    program = START + f"import ctypes, time\nchild = {fork}\nif child == 0:\n    time.sleep(600)\n    os._exit(0)\n"
    with run(program + "print(child, flush=True); sys.stdin.read()", fake_binary) as owner:
        pid, child = int(line(owner)), int(line(owner))
        try:
            owner.send_signal(signal.SIGKILL)
            assert vanishes(pid)
            os.kill(child, 0)
        finally:
            os.kill(child, signal.SIGKILL)


def test_a_fork_cannot_stop_the_server_of_its_parent(fake_binary: Path) -> None:
    program = START + (
        "child = os.fork()\n"
        "if child == 0:\n    server.stop()\n    sys.exit()\n"  # and the fork's own atexit
        "os.waitpid(child, 0)\nprint(server._process.poll(), flush=True)\nserver.stop()\nprint(server._process.poll(), flush=True)\n"
    )
    with run(program, fake_binary) as owner:
        line(owner)
        assert line(owner) == "None"
        assert line(owner) == "0"
        assert owner.wait() == 0


@pytest.mark.parametrize("end", ["", "raise SystemExit(1)", "raise RuntimeError"])
def test_the_interpreters_end_stops_the_server(
    fake_binary: Path, tmp_path: Path, vanishes: Callable[[int], bool], end: str
) -> None:
    with run(START + "sys.stderr = open(os.devnull, 'w')\n" + end, fake_binary) as owner:
        pid = int(line(owner))
        owner.wait()
        assert vanishes(pid)
    assert temporary(tmp_path) == []


def supervised(binary: Path, tmp_path: Path, fake: str, grace: float = 30) -> SupervisedProcess:
    ports = choose_ports()
    environment = server_environment(ports, tmp_path, overrides={"FAKE": fake}, parent=os.environ)
    process = SupervisedProcess(
        [str(binary), "--port", str(ports.http)],
        environment=environment,
        folder=tmp_path,
        log=tmp_path / "log",
        grace=grace,
    )
    while "fake starting" not in (tmp_path / "log").read_text():
        assert process.poll() is None
    return process


def test_a_server_that_is_deaf_to_sigterm_is_killed(
    fake_binary: Path, tmp_path: Path, vanishes: Callable[[int], bool]
) -> None:
    process = supervised(fake_binary, tmp_path, "deaf", grace=0.3)
    process.stop()
    assert vanishes(process.pid)
    assert process.poll() is not None


def test_what_the_server_started_ends_with_it(
    fake_binary: Path, tmp_path: Path, vanishes: Callable[[int], bool]
) -> None:
    process = supervised(fake_binary, tmp_path, "child")
    while not (tmp_path / "child").exists() or not (tmp_path / "child").read_text():
        assert process.poll() is None
    process.stop()
    assert vanishes(int((tmp_path / "child").read_text()))


def test_a_killed_supervisor_leaves_no_server_after_stop(
    fake_binary: Path, tmp_path: Path, vanishes: Callable[[int], bool]
) -> None:
    process = supervised(fake_binary, tmp_path, "", grace=5)
    process._supervisor.kill()
    process.stop()
    process.stop()
    assert vanishes(process.pid)


def test_the_package_is_light_to_import() -> None:
    program = (
        "import sys, types\n"
        "parent = types.ModuleType('weaviate_orm'); parent.__path__ = [sys.argv[1]]; sys.modules['weaviate_orm'] = parent\n"
        "import weaviate_orm.embedded\n"
        "print(sorted({'pydantic', 'grpc', 'httpx', 'google.protobuf'} & set(sys.modules)))"
    )
    with run(program, REPOSITORY / "weaviate_orm") as owner:
        assert line(owner) == "[]"
