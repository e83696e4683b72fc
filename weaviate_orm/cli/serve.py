"""``weaviate-orm serve``: the in-process engine as a server, for clients of any kind."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Annotated

import typer

from weaviate_orm._version import SERVER_VERSION
from weaviate_orm.cli.console import console, print_json
from weaviate_orm.serving.access import KEYS_VARIABLE, Access
from weaviate_orm.serving.server import DEFAULT_HOST, EngineServer
from weaviate_orm.transport.in_process import InProcessTransport
from weaviate_orm.transport.settings import DEFAULT_GRPC_PORT, DEFAULT_HTTP_PORT, InProcess

__all__ = ["serve"]


def serve(
    path: Annotated[
        Path | None, typer.Option(help="File that keeps the data, made where there is none; in memory when left out.")
    ] = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on. Only this machine reaches the default.")
    ] = DEFAULT_HOST,
    http_port: Annotated[int, typer.Option(help="REST port; 0 is a free one.")] = DEFAULT_HTTP_PORT,
    grpc_port: Annotated[int, typer.Option(help="gRPC port; 0 is a free one.")] = DEFAULT_GRPC_PORT,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Let a host that other machines can reach be open to everybody.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the ports as one line of JSON.")] = False,
) -> None:
    """Serve the in-process engine on REST and gRPC ports until ctrl-C."""
    access = Access.from_text(os.environ.get(KEYS_VARIABLE))
    transport = InProcessTransport(InProcess(path))
    server: EngineServer | None = None
    try:
        with _stopped_by_signals() as stopped:
            server = EngineServer(
                transport.engine(),
                host=host,
                http_port=http_port,
                grpc_port=grpc_port,
                api_keys=access.keys,
                anonymous=anonymous,
            ).start()
            _announce(server, path, protected=bool(access.keys), as_json=as_json)
            while not stopped.wait(0.5):
                pass
    finally:
        if server is not None:
            server.stop()
        transport.close()


serve.__doc__ = f"""Serve the in-process engine on REST and gRPC ports until ctrl-C.

It answers as Weaviate {SERVER_VERSION} does, for any client of it. API keys that clients have to send are read from the variable
{KEYS_VARIABLE}, separated by commas; without it, everybody on this machine may read and write.
"""


def _announce(server: EngineServer, path: Path | None, *, protected: bool, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "url": server.url,
                "http_port": server.http_port,
                "grpc_port": server.grpc_port,
                "version": SERVER_VERSION,
                "path": None if path is None else str(path),
            }
        )
        return
    out = console()
    place = "in memory: the data is gone at the end" if path is None else f"data in {path}"
    out.print(f"The in-process engine, as Weaviate {SERVER_VERSION}; {place}.", markup=False)
    out.print(f"REST  {server.url}", markup=False)
    out.print(f"gRPC  {server.url.removeprefix('http://').rpartition(':')[0]}:{server.grpc_port}", markup=False)
    if protected:
        out.print(f"Clients send one of the API keys in {KEYS_VARIABLE}.")
    out.print("Stop with ctrl-C.")


@contextmanager
def _stopped_by_signals() -> Generator[Event]:
    """Set the event at the first signal; a second one ends the program as if nobody listened."""
    stopped = Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()
        for each, handler in before.items():
            signal.signal(each, handler)

    for number in before:
        signal.signal(number, stop)
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
