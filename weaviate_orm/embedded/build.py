"""The server built from its published Go module."""

from __future__ import annotations

import logging
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from weaviate_orm.embedded.cache import PROGRAM
from weaviate_orm.errors import EmbeddedError

__all__ = ["build_server"]

_MODULE = "github.com/weaviate/weaviate/cmd/weaviate-server"
_SECONDS = 1800.0
_QUOTED_LINES = 10

_logger = logging.getLogger(__name__)


def build_server(version: str, folder: Path, *, environ: Mapping[str, str]) -> Path:
    """Build a version with the Go toolchain on ``PATH`` into ``folder``, and give the server. Takes 2 to 6 minutes on two cores.

    Raises:
        EmbeddedError: there is no toolchain, or the build failed or took longer than half an hour; the message quotes its output.
    """
    go = shutil.which("go", path=environ.get("PATH", ""))
    if go is None:
        raise EmbeddedError("there is no Go toolchain (a program named go) on PATH")
    module = f"{_MODULE}@v{version}"
    _logger.warning("building the Weaviate server %s from source with %s; this takes some minutes, once", version, go)
    try:
        built = subprocess.run(  # noqa: S603 - the user's own toolchain, no shell
            [go, "install", module],
            cwd=folder,
            env=_build_environment(environ, folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EmbeddedError(f"go install {module} did not finish: {error}") from error
    program = folder / PROGRAM
    if built.returncode != 0 or not program.is_file():
        lines = built.stdout.decode(errors="replace").splitlines()[-_QUOTED_LINES:]
        raise EmbeddedError(f"go install {module} ended with status {built.returncode}: " + " | ".join(lines))
    _logger.info("built the Weaviate server %s", version)
    return program


def _build_environment(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    # GOOS and GOARCH: a server for another machine is of no use, and go refuses to put one into GOBIN.
    kept = {name: value for name, value in environ.items() if name not in {"GOOS", "GOARCH"}}
    return {**kept, "CGO_ENABLED": "0", "GO111MODULE": "on", "GOBIN": str(folder)}
