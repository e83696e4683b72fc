"""Which server file is run: the order of the places, what each refuses, and what is said when none has one."""

from __future__ import annotations

import hashlib
import io
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from weaviate_orm.embedded.archive import archive_name, fetch_archive
from weaviate_orm.embedded.binary import BinaryFinder, module_version
from weaviate_orm.errors import EmbeddedError

VERSION = "1.39.3"
# Nothing listens there, so a download ends at once.
NOWHERE = "http://127.0.0.1:1"


def program(path: Path, version: str | None = f"v{VERSION}", *, executable: bool = True) -> Path:
    """Write a file that looks like a Go-built server of a version."""
    mark = f"path\tgithub.com/weaviate/weaviate/cmd/weaviate-server\nmod\tgithub.com/weaviate/weaviate\t{version}\th1:x=\ndep\ta\tv9"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x7fELF\x00" + (mark.encode() if version else b"") + b"\x00" * 100)
    path.chmod(0o755 if executable else 0o644)
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def finder(home: Path, releases: str = NOWHERE, **variables: str) -> BinaryFinder:
    # The default PATH has nothing on it, so that no server or Go of this machine is found.
    return BinaryFinder(VERSION, environ={"HOME": str(home), "PATH": "/nonexistent", **variables}, releases=releases)


def cached(home: Path) -> Path:
    return home / ".cache" / "weaviate_orm" / f"weaviate-{VERSION}" / "weaviate-server"


def test_every_place_comes_before_the_next(home: Path, tmp_path: Path) -> None:
    named = program(tmp_path / "named", None)
    variable = program(tmp_path / "variable", None)
    program(cached(home))
    program(tmp_path / "path" / "weaviate-server")
    program(tmp_path / "gobin" / "weaviate-server")
    program(tmp_path / "gopath" / "bin" / "weaviate-server")
    variables = {
        "WEAVIATE_BINARY": str(variable),
        "PATH": str(tmp_path / "path"),
        "GOBIN": str(tmp_path / "gobin"),
        "GOPATH": str(tmp_path / "gopath"),
    }
    everything = finder(home, **variables)
    assert everything.find(named) == named
    assert everything.find() == variable
    del variables["WEAVIATE_BINARY"]
    order = [cached(home), *(tmp_path / name / "weaviate-server" for name in ("path", "gobin", "gopath/bin"))]
    for expected in order:
        assert finder(home, **variables).find() == expected
        expected.unlink()
    with pytest.raises(EmbeddedError, match=r"found no Weaviate server 1\.39\.3"):
        finder(home, **variables).find()


def test_go_folder_in_the_home_folder_is_the_default(home: Path) -> None:
    expected = program(home / "go" / "bin" / "weaviate-server")
    assert finder(home).find() == expected


def test_cache_follows_xdg_unless_relative(home: Path, tmp_path: Path) -> None:
    elsewhere = program(tmp_path / "xdg" / "weaviate_orm" / f"weaviate-{VERSION}" / "weaviate-server")
    assert finder(home, XDG_CACHE_HOME=str(tmp_path / "xdg")).find() == elsewhere
    program(cached(home))
    assert finder(home, XDG_CACHE_HOME="xdg").find() == cached(home)


def test_another_version_is_not_taken_even_when_it_is_first_on_path(home: Path, tmp_path: Path) -> None:
    program(tmp_path / "a" / "weaviate-server", "v1.38.11")
    program(tmp_path / "b" / "weaviate", "(devel)")
    right = program(tmp_path / "c" / "weaviate")
    path = ":".join(str(tmp_path / name) for name in "abc")
    assert finder(home, PATH=path).find() == right
    right.unlink()
    with pytest.raises(EmbeddedError) as caught:
        finder(home, PATH=path).find()
    message = str(caught.value)
    assert f"{tmp_path}/a/weaviate-server: is version 1.38.11" in message
    assert (
        f"{tmp_path}/b/weaviate: names no version of Weaviate. To use it all the same, set WEAVIATE_BINARY" in message
    )


@pytest.mark.parametrize(
    ("version", "expected"),
    [("v1.39.3", "v1.39.3"), ("v1.40.0-rc.1", "v1.40.0-rc.1"), ("(devel)", "(devel)"), (None, None)],
)
def test_module_version(tmp_path: Path, version: str | None, expected: str | None) -> None:
    assert module_version(program(tmp_path / "server", version)) == expected


def test_module_version_of_what_is_no_program(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    assert module_version(empty) is None
    assert module_version(tmp_path) is None
    assert module_version(tmp_path / "missing") is None


@pytest.mark.parametrize("by_variable", [True, False])
def test_a_named_file_that_cannot_run_is_an_error_not_a_hint(home: Path, tmp_path: Path, by_variable: bool) -> None:
    program(cached(home))
    missing, plain = tmp_path / "missing", program(tmp_path / "plain", executable=False)
    for path, reason in ((missing, "there is no such file"), (plain, "is not executable")):
        with pytest.raises(EmbeddedError, match=reason) as caught:
            finder(home, WEAVIATE_BINARY=str(path)).find() if by_variable else finder(home).find(path)
        assert str(path) in str(caught.value)
        assert ("WEAVIATE_BINARY" if by_variable else "binary=") in str(caught.value)


def test_the_error_lists_every_way_and_what_to_do(home: Path) -> None:
    with pytest.raises(EmbeddedError) as caught:
        finder(home).find()
    message = str(caught.value)
    for part in (
        "WEAVIATE_BINARY: not set",
        f"the cache: there is no {cached(home)}",
        "PATH and Go's bin folder: no program named weaviate-server or weaviate",
        "the release archive: could not fetch the checksum http://127.0.0.1:1/v1.39.3/",
        "a build from source: there is no Go toolchain",
        "Install Go",
        "docker compose up",
    ):
        assert part in message


def test_an_unwritable_cache_is_named(home: Path) -> None:
    (home / ".cache").write_text("a file where the folder should be")
    with pytest.raises(EmbeddedError, match=r"cannot write the cache folder .*Set XDG_CACHE_HOME"):
        finder(home).find()


# Release archives


@dataclass
class Releases:
    """A server of files: what it serves by path, and what it was asked for."""

    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def publish(self, name: str, content: bytes, checksum: str | None) -> None:
        self.files[f"/v{VERSION}/{name}"] = content
        if checksum is not None:
            self.files[f"/v{VERSION}/{name}.sha256"] = checksum.encode()


@pytest.fixture
def releases() -> Iterator[Releases]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shelf.asked.append(self.path)
            content = shelf.files.get(self.path)
            self.send_response(404 if content is None else 200)
            self.end_headers()
            self.wfile.write(content or b"not found")

        def log_message(self, format: str, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        shelf = Releases(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield shelf
        server.shutdown()
        thread.join()


SERVER = b"#!/bin/sh\necho the server\n"


def archive(name: str, member: str = "weaviate", content: bytes = SERVER) -> bytes:
    buffer = io.BytesIO()
    if name.endswith(".zip"):
        with zipfile.ZipFile(buffer, "w") as zipped:
            zipped.writestr("README.md", "read me")
            zipped.writestr(member, content)
    else:
        with tarfile.open(fileobj=buffer, mode="w:gz") as tarred:
            for path, data in (("README.md", b"read me"), (member, content)):
                entry = tarfile.TarInfo(path)
                entry.size = len(data)
                tarred.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


LINUX, MAC = f"weaviate-v{VERSION}-Linux-amd64.tar.gz", f"weaviate-v{VERSION}-Darwin-all.zip"


@pytest.mark.parametrize(
    ("system", "machine", "expected"),
    [
        ("linux", "x86_64", LINUX),
        ("linux", "aarch64", f"weaviate-v{VERSION}-Linux-arm64.tar.gz"),
        ("darwin", "arm64", MAC),
        ("darwin", "x86_64", MAC),
    ],
)
def test_archive_name(system: str, machine: str, expected: str) -> None:
    assert archive_name(VERSION, system=system, machine=machine) == expected


@pytest.mark.parametrize(("system", "machine"), [("win32", "AMD64"), ("linux", "riscv64")])
def test_archive_name_of_an_unsupported_machine(system: str, machine: str) -> None:
    with pytest.raises(EmbeddedError, match=f"no release archive for {system} on {machine}"):
        archive_name(VERSION, system=system, machine=machine)


@pytest.mark.parametrize("name", [LINUX, MAC])
@pytest.mark.parametrize("member", ["weaviate", "weaviate-server", "../../weaviate"])
@pytest.mark.parametrize("form", ["{}", "{}  {name}\n", "{upper}\n"])
def test_a_verified_archive_gives_its_server(
    tmp_path: Path, releases: Releases, name: str, member: str, form: str
) -> None:
    content = archive(name, member)
    digest = sha256(content)
    releases.publish(name, content, form.format(digest, name=name, upper=digest.upper()))
    folder = tmp_path / "a" / "b" / "folder"
    folder.mkdir(parents=True)
    found = fetch_archive(VERSION, folder, releases=releases.url, name=name)
    assert found.read_bytes() == SERVER
    assert found.parent == folder
    assert not (tmp_path / "a" / "weaviate").exists()


def test_an_archive_without_checksum_is_not_even_downloaded(tmp_path: Path, releases: Releases) -> None:
    releases.publish(LINUX, archive(LINUX), None)
    with pytest.raises(EmbeddedError, match="an archive without one is not used"):
        fetch_archive(VERSION, tmp_path, releases=releases.url, name=LINUX)
    assert releases.asked == [f"/v{VERSION}/{LINUX}.sha256"]


@pytest.mark.parametrize("text", ["", "<html>", "d41d8cd98f00b204e9800998ecf8427e", "g" * 64])
def test_a_side_file_that_is_no_checksum(tmp_path: Path, releases: Releases, text: str) -> None:
    releases.publish(LINUX, archive(LINUX), text)
    with pytest.raises(EmbeddedError, match="holds no SHA-256 checksum"):
        fetch_archive(VERSION, tmp_path, releases=releases.url, name=LINUX)


def test_a_wrong_checksum_names_both(tmp_path: Path, releases: Releases) -> None:
    content = archive(LINUX)
    releases.publish(LINUX, content, sha256(b"other"))
    with pytest.raises(EmbeddedError) as caught:
        fetch_archive(VERSION, tmp_path, releases=releases.url, name=LINUX)
    assert sha256(content) in str(caught.value)
    assert sha256(b"other") in str(caught.value)


@pytest.mark.parametrize("name", [LINUX, MAC])
@pytest.mark.parametrize("broken", [True, False])
def test_an_archive_without_a_server(tmp_path: Path, releases: Releases, name: str, broken: bool) -> None:
    content = b"no archive" if broken else archive(name, "something-else")
    releases.publish(name, content, sha256(content))
    with pytest.raises(EmbeddedError, match="cannot be read" if broken else "holds no file named weaviate"):
        fetch_archive(VERSION, tmp_path, releases=releases.url, name=name)


def test_an_archive_goes_into_the_cache_and_is_fetched_once(home: Path, releases: Releases) -> None:
    name = archive_name(VERSION)
    content = archive(name)
    releases.publish(name, content, sha256(content))
    assert finder(home, releases.url).find() == cached(home)
    assert cached(home).read_bytes() == SERVER
    assert cached(home).stat().st_mode & 0o111
    asked = len(releases.asked)
    assert finder(home, releases.url).find() == cached(home)
    assert len(releases.asked) == asked
    assert sorted(path.name for path in cached(home).parent.iterdir()) == ["lock", "weaviate-server"]


# Builds


@pytest.fixture
def go(tmp_path: Path) -> Path:
    """A folder with a fake toolchain, which notes what it was asked and takes a moment."""
    script = tmp_path / "toolchain" / "go"
    script.parent.mkdir()
    script.write_text(
        f'#!/bin/sh\necho "$@ CGO=$CGO_ENABLED GOOS=$GOOS" >>"{tmp_path}/asked"\n'
        'if [ -n "$FAIL" ]; then echo "go: module not found"; exit 1; fi\n'
        'sleep 0.2\nprintf built >"$GOBIN/weaviate-server"\n'
    )
    script.chmod(0o755)
    return script.parent


def test_a_build_goes_into_the_cache(home: Path, go: Path, tmp_path: Path) -> None:
    build = finder(home, PATH=f"{go}:/bin:/usr/bin", GOOS="plan9")
    assert build.find() == cached(home)
    assert cached(home).read_text() == "built"
    assert (tmp_path / "asked").read_text() == (
        "install github.com/weaviate/weaviate/cmd/weaviate-server@v1.39.3 CGO=0 GOOS=\n"
    )
    assert build.find() == cached(home)


def test_two_at_once_build_once(home: Path, go: Path, tmp_path: Path) -> None:
    build = finder(home, PATH=f"{go}:/bin:/usr/bin")
    with ThreadPoolExecutor(3) as pool:
        found = [future.result() for future in [pool.submit(build.find) for _ in range(3)]]
    assert found == [cached(home)] * 3
    assert len((tmp_path / "asked").read_text().splitlines()) == 1


def test_a_failed_build_leaves_nothing_and_quotes_its_output(home: Path, go: Path) -> None:
    with pytest.raises(EmbeddedError, match="ended with status 1: go: module not found"):
        finder(home, PATH=f"{go}:/bin:/usr/bin", FAIL="yes").find()
    assert [path.name for path in cached(home).parent.iterdir()] == ["lock"]
