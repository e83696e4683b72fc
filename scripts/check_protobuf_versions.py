"""Prove that the message classes work with every protobuf release line that pyproject.toml allows.

    python scripts/check_protobuf_versions.py                 all lines below
    python scripts/check_protobuf_versions.py "==6.31.*"      these requirements instead

Each release goes into a folder of its own, and a fresh interpreter loads ``weaviate_orm.wire._pb`` with that folder first, once on
protobuf's C core and once on its pure Python. One line a run; exit code 1 when any failed. Needs pip and a package index.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ("==5.26.*", ">=5.27,<6", ">=6,<7", ">=7,<8")
IMPLEMENTATIONS = ("upb", "python")

# Loads the package without its parents, whose other imports are nothing to protobuf.
PROGRAM = """
import copy, importlib, pickle, sys, types, warnings

root = sys.argv[1]
for name in ("weaviate_orm", "weaviate_orm.wire"):
    parent = types.ModuleType(name)
    parent.__path__ = [root + "/" + name.replace(".", "/")]
    sys.modules[name] = parent
warnings.simplefilter("error")
import google.protobuf
from google.protobuf.internal import api_implementation
pb = importlib.import_module("weaviate_orm.wire._pb")

# Nested message and enum, repeated, map, oneof, optional, and a well-known type.
request = pb.SearchRequest(
    collection="Article",
    filters=pb.Filters(
        operator=pb.Filters.OPERATOR_AND,
        filters=[pb.Filters(operator=pb.Filters.Operator.OPERATOR_EQUAL, value_int=-3, on=["count"])],
    ),
    near_vector=pb.NearVector(vector_per_target={"a": b"12"}, certainty=0.5),
    boost=pb.Boost(),
)
assert pb.SearchRequest.FromString(request.SerializeToString()) == request
assert request.filters.filters[0].WhichOneof("test_value") == "value_int"
assert request.near_vector.HasField("certainty") and not request.near_vector.HasField("distance")
values = pb.Properties(fields={"title": pb.Value(text_value="t"), "none": pb.Value(null_value=0)})
assert pb.Properties.FromString(values.SerializeToString()).fields["title"].text_value == "t"
occurrence = pb.AggregateReply.Aggregations.Aggregation.Text.TopOccurrences.TopOccurrence(value="v", occurs=2)
assert pickle.loads(pickle.dumps(occurrence)) == occurrence == copy.deepcopy(occurrence)
assert pickle.loads(pickle.dumps(request)) == request
written = pb.BatchObject(uuid="u")
written.properties.non_ref_properties.update({"tags": ["a", None], "deep": {"x": 1.5}})
read = pb.BatchObject.FromString(written.SerializeToString())
assert read.properties.non_ref_properties["deep"]["x"] == 1.5
assert pb.ConsistencyLevel.Name(pb.ConsistencyLevel.CONSISTENCY_LEVEL_QUORUM) == "CONSISTENCY_LEVEL_QUORUM"
print(google.protobuf.__version__, api_implementation.Type())
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Check each requirement; give the exit code."""
    parser = argparse.ArgumentParser(description="Load the message classes with several releases of protobuf.")
    parser.add_argument("requirements", nargs="*", default=REQUIREMENTS, help='such as "==6.31.*"')
    failures = [requirement for requirement in parser.parse_args(arguments).requirements if not check(requirement)]
    return 1 if failures else 0


def check(requirement: str) -> bool:
    """Install one release into a temporary folder and run the program with it; say how it went."""
    with tempfile.TemporaryDirectory() as folder:
        install = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        installed = run([*install, "--target", folder, f"protobuf{requirement}"])
        if installed.returncode != 0:
            reason = installed.stderr.strip().rpartition("\n")[2]  # the lines before it list every release there is
            print(f"FAILED  protobuf{requirement}: {reason}")
            return False
        results = [check_implementation(requirement, folder, implementation) for implementation in IMPLEMENTATIONS]
        return all(results)


def check_implementation(requirement: str, folder: str, implementation: str) -> bool:
    """Run the program on one of protobuf's two cores; say how it went."""
    environment = os.environ | {"PYTHONPATH": folder, "PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION": implementation}
    # -S: without the site-packages of this environment, and the google/ folder in it.
    done = run([sys.executable, "-S", "-c", PROGRAM, str(ROOT)], environment)
    name = f"protobuf{requirement} ({implementation})"
    if done.returncode != 0:
        print(f"FAILED  {name}\n{done.stderr}")
        return False
    version, used = done.stdout.split()
    if used != implementation:
        print(f"FAILED  {name}: {version} ran on {used}")
        return False
    print(f"ok      {name}: {version}")
    return True


def run(command: list[str], environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Give the finished process with its output as text."""
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    raise SystemExit(main())
