"""Which server file to run: the order in which the places are tried, and why each was not it.

1. The file that the caller names, then the one that ``WEAVIATE_BINARY`` names. Neither is second-guessed, and one that cannot be run is an
   error: whoever names a file does not want another.
2. The cache folder.
3. ``PATH``, ``$GOBIN`` and Go's ``bin`` folder, where the version is the one asked for. It is read from the module information that the Go
   linker leaves in the file. A file that names no version (a release, or a build from a checkout) is not taken from there, since another
   version could then run unnoticed; it can be named by ``WEAVIATE_BINARY``.
4. The release archive, into the cache.
5. A build from source, into the cache.
"""

from __future__ import annotations

import logging
import mmap
import os
import shutil
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from weaviate_orm.embedded.archive import RELEASES, fetch_archive
from weaviate_orm.embedded.build import build_server
from weaviate_orm.embedded.cache import PROGRAM, ServerCache
from weaviate_orm.errors import EmbeddedError

__all__ = ["BinaryFinder", "module_version"]

_VARIABLE = "WEAVIATE_BINARY"
_NAMES = (PROGRAM, "weaviate")
_MODULE_MARK = b"path\tgithub.com/weaviate/weaviate/cmd/weaviate-server\nmod\tgithub.com/weaviate/weaviate\t"
_LONGEST_VERSION = 100

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BinaryFinder:
    """Finds, fetches or builds the server of one version.

    Attributes:
        version: as ``"1.39.3"``.
        environ: where variables are read from.
        releases: address that release archives are below.
    """

    version: str
    environ: Mapping[str, str] = field(repr=False)
    releases: str = RELEASES

    def find(self, named: Path | None = None) -> Path:
        """Give an executable server file: ``named`` where it is given, else the first that the places of this module yield.

        Raises:
            EmbeddedError: the named file cannot be run, or no place has a server; the message lists each and why not.
        """
        if named is not None:
            return _checked(named, "binary=")
        if variable := self.environ.get(_VARIABLE):
            return _checked(Path(variable), _VARIABLE)
        cache = ServerCache(self.version, environ=self.environ)
        if (cached := cache.find()) is not None:
            return cached
        failures = [f"{_VARIABLE}: not set", f"the cache: there is no {cache.program}"]
        installed = self._installed(failures)
        return installed if installed is not None else self._made(cache, failures)

    def _installed(self, failures: list[str]) -> Path | None:
        wanted = f"v{self.version}"
        candidates = list(dict.fromkeys(self._candidates()))
        for candidate in candidates:
            version = module_version(candidate)
            if version == wanted:
                return candidate
            if version is None or not version.startswith("v"):
                failures.append(
                    f"{candidate}: names no version of Weaviate. To use it all the same, set {_VARIABLE} to it"
                )
            else:
                failures.append(f"{candidate}: is version {version.removeprefix('v')}")
        if not candidates:
            failures.append(f"PATH and Go's bin folder: no program named {' or '.join(_NAMES)}")
        return None

    def _candidates(self) -> Generator[Path]:
        search = [self.environ.get("PATH", ""), self.environ.get("GOBIN", "")]
        # Go's default, where GOPATH is not set, is the folder "go" in the home folder.
        roots = self.environ.get("GOPATH") or str(Path(self.environ.get("HOME") or Path.home()) / "go")
        search += [os.path.join(root, "bin") for root in roots.split(os.pathsep) if root]
        for folders in search:
            # One folder at a time: which() stops at the first hit, and that may be the wrong version.
            for folder in filter(None, folders.split(os.pathsep)):
                yield from (Path(found) for name in _NAMES if (found := shutil.which(name, path=folder)) is not None)

    def _made(self, cache: ServerCache, failures: list[str]) -> Path:
        ways: list[tuple[str, Callable[[Path], Path]]] = [
            ("the release archive", lambda folder: fetch_archive(self.version, folder, releases=self.releases)),
            ("a build from source", lambda folder: build_server(self.version, folder, environ=self.environ)),
        ]
        for name, make in ways:
            try:
                with cache.workshop() as folder:
                    if (cached := cache.find()) is not None:
                        return cached
                    return cache.install(make(folder))
            except EmbeddedError as error:
                _logger.info("no Weaviate server from %s: %s", name, error)
                failures.append(f"{name}: {error}")
        tried = "\n".join(f"  - {failure}" for failure in failures)
        raise EmbeddedError(
            f"found no Weaviate server {self.version} to run. Tried:\n{tried}\n"
            f"Install Go so that the server can be built, or get a server and set {_VARIABLE} to its path, or start a server elsewhere "
            "(docker compose up) and give its URL instead of an embedded one."
        )


def module_version(program: Path) -> str | None:
    """Give the module version in a Go-built server, as ``"v1.39.3"`` or ``"(devel)"``; ``None`` for any other file."""
    try:
        with program.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            start = content.find(_MODULE_MARK)
            if start < 0:
                return None
            start += len(_MODULE_MARK)
            version, *_ = content[start : start + _LONGEST_VERSION].partition(b"\t")
    except (OSError, ValueError):  # ValueError: an empty file cannot be mapped
        return None
    return version.partition(b"\n")[0].decode(errors="replace")


def _checked(program: Path, source: str) -> Path:
    program = program.expanduser()
    if not program.is_file():
        raise EmbeddedError(
            f"{source} names {program}, and there is no such file. Correct the path, or leave it out to have a server found."
        )
    if not os.access(program, os.X_OK):
        raise EmbeddedError(f"{source} names {program}, which is not executable. Make it so with: chmod +x {program}")
    return program.absolute()
