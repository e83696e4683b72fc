"""The server out of a release archive, downloaded and verified."""

from __future__ import annotations

import hashlib
import platform
import shutil
import sys
import tarfile
import urllib.request
import zipfile
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from weaviate_orm.errors import EmbeddedError

__all__ = ["RELEASES", "archive_name", "fetch_archive"]

RELEASES = "https://github.com/weaviate/weaviate/releases/download"

# For a connection and for each read; a machine without internet must get to the next way soon.
_SECONDS = 5.0
_MEMBERS = ("weaviate", "weaviate-server")
_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def archive_name(version: str, *, system: str = sys.platform, machine: str | None = None) -> str:
    """Give the name of the archive for a machine (``None``: this one).

    Raises:
        EmbeddedError: there is no release for it.
    """
    machine = machine or platform.machine()
    if system == "darwin":
        return f"weaviate-v{version}-Darwin-all.zip"
    if system == "linux" and machine.lower() in _MACHINES:
        return f"weaviate-v{version}-Linux-{_MACHINES[machine.lower()]}.tar.gz"
    raise EmbeddedError(f"there is no release archive for {system} on {machine}")


def fetch_archive(version: str, folder: Path, *, releases: str = RELEASES, name: str | None = None) -> Path:
    """Download an archive of a version (``None``: this machine's) into ``folder``, verify it, and give the server in it.

    The checksum comes from a side file, the archive's address with ``.sha256`` behind it, whose first word is the digest. It is fetched
    first: without it nothing is downloaded, because an archive that cannot be verified is not run.

    Raises:
        EmbeddedError: nothing could be downloaded, the checksum is missing or wrong, or the archive holds no server.
    """
    name = name or archive_name(version)
    address = f"{releases}/v{version}/{name}"
    expected = _checksum(f"{address}.sha256")
    archive = folder / name
    actual = _download(address, archive)
    if actual != expected:
        raise EmbeddedError(
            f"{address} has the SHA-256 checksum {actual}, but {expected} was published; it was not used"
        )
    return _unpack(archive, folder / "unpacked")


def _checksum(address: str) -> str:
    try:
        with _open(address) as reply:
            words = reply.read(1024).decode("ascii", errors="replace").split()
    except OSError as error:
        raise EmbeddedError(
            f"could not fetch the checksum {address} ({error}), and an archive without one is not used"
        ) from error
    digest = words[0].lower() if words else ""
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise EmbeddedError(f"{address} holds no SHA-256 checksum, and an archive without one is not used")
    return digest


def _download(address: str, target: Path) -> str:
    """Save what is at an address, and give its SHA-256 in hexadecimal."""
    digest = hashlib.sha256()
    try:
        with _open(address) as reply, target.open("wb") as file:
            while block := reply.read(1 << 20):
                digest.update(block)
                file.write(block)
    except OSError as error:
        raise EmbeddedError(f"could not download {address}: {error}") from error
    return digest.hexdigest()


def _open(address: str) -> IO[bytes]:
    reply: IO[bytes] = urllib.request.urlopen(address, timeout=_SECONDS)  # noqa: S310 - the scheme is ours
    return reply


def _unpack(archive: Path, target: Path) -> Path:
    """Write the server's file to ``target``: that one alone, so no path in the archive is ever followed."""
    try:
        with ExitStack() as opened:
            source = _open_member(archive, opened)
            if source is None:
                raise EmbeddedError(f"the archive {archive.name} holds no file named {' or '.join(_MEMBERS)}")
            with target.open("wb") as file:
                shutil.copyfileobj(source, file)
    except (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise EmbeddedError(f"the archive {archive.name} cannot be read: {error}") from error
    return target


def _open_member(archive: Path, opened: ExitStack) -> IO[bytes] | None:
    if archive.suffix == ".zip":
        zipped = opened.enter_context(zipfile.ZipFile(archive))
        found = next((name for name in zipped.namelist() if Path(name).name in _MEMBERS), None)
        return opened.enter_context(zipped.open(found)) if found is not None else None
    tarred = opened.enter_context(tarfile.open(archive))  # noqa: SIM115 - the stack closes it
    member = next((entry for entry in tarred if entry.isfile() and Path(entry.name).name in _MEMBERS), None)
    return tarred.extractfile(member) if member is not None else None
