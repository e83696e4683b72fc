"""The loaded protocol is the server's, field for field, and the stub and the RPC table describe what is loaded."""

from __future__ import annotations

import ast
import copy
import json
import pickle
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    ServiceDescriptorProto,
)
from google.protobuf.message import Message

from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire import rpcs
from weaviate_orm.wire.call import Rpc

REPOSITORY = Path(__file__).resolve().parents[3]
PACKAGE = Path(pb.__file__).parent
TABLE: dict[str, Any] = json.loads((REPOSITORY / "tests/data/grpc_v1_39.json").read_text("utf-8"))["files"]

# One message, enum or service by its name; the values are compared whole, so the shape is of no interest to a checker.
Items: TypeAlias = dict[str, Any]


# What the server's table says, and what is loaded, in one shape


def expected_items(file: str) -> Items:
    items: Items = {}
    for item in TABLE[file]["items"]:
        if "message" in item:
            fields = {
                field["number"]: {"label": None, "oneof": None, "deprecated": False} | field for field in item["fields"]
            }
            assert len(fields) == len(item["fields"])
            items[f"message {item['message']}"] = {"fields": fields, "reserved": item.get("reserved", [])}
        elif "enum" in item:
            items[f"enum {item['enum']}"] = item["values"]
        else:
            items[f"service {item['service']}"] = item["methods"]
    return items


def loaded_file(file: str) -> FileDescriptorProto:
    result = FileDescriptorProto()
    pb.POOL.FindFileByName(f"weaviate/{file}").CopyToProto(result)
    return result


def loaded_items(file: FileDescriptorProto) -> Items:
    items = {f"enum {enum.name}": enum_values(enum) for enum in file.enum_type}
    for message in file.message_type:
        items |= loaded_messages(message, message.name)
    return items | {f"service {service.name}": service_methods(service) for service in file.service}


def loaded_messages(message: DescriptorProto, path: str) -> Items:
    maps = {f".{path}.{kind.name}": kind for kind in message.nested_type if kind.options.map_entry}
    fields = {field.number: field_facts(field, message, maps) for field in message.field}
    # A range's end is exclusive in a descriptor and inclusive in the table.
    reserved = [[span.start, span.end - 1] for span in message.reserved_range]
    items: Items = {f"message {path}": {"fields": fields, "reserved": reserved}}
    items |= {f"enum {path}.{enum.name}": enum_values(enum) for enum in message.enum_type}
    for kind in message.nested_type:
        if not kind.options.map_entry:
            items |= loaded_messages(kind, f"{path}.{kind.name}")
    return items


def field_facts(field: FieldDescriptorProto, message: DescriptorProto, maps: dict[str, DescriptorProto]) -> Items:
    entry = maps.get(field.type_name.replace(".weaviate.v1", "", 1))
    label = None
    if field.proto3_optional:
        label = "optional"
    elif field.label == FieldDescriptorProto.LABEL_REPEATED and entry is None:
        label = "repeated"
    in_oneof = field.HasField("oneof_index") and not field.proto3_optional
    return {
        "number": field.number,
        "name": field.name,
        "type": type_name(field) if entry is None else f"map<{', '.join(type_name(part) for part in entry.field)}>",
        "label": label,
        "oneof": message.oneof_decl[field.oneof_index].name if in_oneof else None,
        "deprecated": field.options.deprecated,
    }


def type_name(field: FieldDescriptorProto) -> str:
    return field.type_name[1:] or FieldDescriptorProto.Type.Name(field.type).removeprefix("TYPE_").lower()


def enum_values(enum: EnumDescriptorProto) -> dict[str, int]:
    return {value.name: value.number for value in enum.value}


def service_methods(service: ServiceDescriptorProto) -> list[Items]:
    return [
        {
            "name": method.name,
            "request": method.input_type[1:],
            "reply": method.output_type[1:],
            "client_streaming": method.client_streaming,
            "server_streaming": method.server_streaming,
        }
        for method in service.method
    ]


@pytest.mark.parametrize("file", sorted(TABLE))
def test_file_is_the_servers(file: str) -> None:
    loaded, expected = loaded_items(loaded_file(file)), expected_items(file)
    assert loaded.keys() == expected.keys()
    for name, item in expected.items():
        assert loaded[name] == item, name


@pytest.mark.parametrize("file", sorted(TABLE))
def test_file_has_the_servers_package_and_imports(file: str) -> None:
    loaded = loaded_file(file)
    assert loaded.package == TABLE[file]["package"]
    assert {name.removeprefix("weaviate/") for name in loaded.dependency} == set(TABLE[file]["imports"])


def test_there_is_one_source_a_file_of_the_table_and_no_other() -> None:
    sources = {path.relative_to(REPOSITORY / "protos").as_posix() for path in (REPOSITORY / "protos").rglob("*.proto")}
    assert sources == {f"weaviate/{file}" for file in TABLE} | {"grpc/health/v1/health.proto"}


def test_health_messages_are_those_of_grpc() -> None:
    assert pb.HealthCheckRequest(service="x").SerializeToString() == b"\x0a\x01x"
    assert pb.HealthCheckResponse(status=pb.HealthCheckResponse.SERVING).SerializeToString() == b"\x08\x01"
    names = {"UNKNOWN": 0, "SERVING": 1, "NOT_SERVING": 2, "SERVICE_UNKNOWN": 3}
    assert dict(pb.HealthCheckResponse.ServingStatus.items()) == names
    assert pb.HealthCheckRequest().DESCRIPTOR.full_name == "grpc.health.v1.HealthCheckRequest"


# The RPC table


RPCS = [value for value in vars(rpcs).values() if isinstance(value, Rpc)]


@pytest.mark.parametrize("rpc", RPCS, ids=lambda rpc: rpc.name)
def test_rpc_exists_and_gives_that_reply(rpc: Rpc) -> None:
    service, _, name = rpc.path.removeprefix("/").rpartition("/")
    method = pb.POOL.FindServiceByName(service).methods_by_name[name]
    assert rpc.path.startswith("/")
    assert rpc.reply.DESCRIPTOR is method.output_type
    assert not method.client_streaming
    assert not method.server_streaming


def test_every_unary_method_of_the_server_is_in_the_rpc_table() -> None:
    methods = TABLE["v1/weaviate.proto"]["items"][0]["methods"]
    unary = {f"/weaviate.v1.Weaviate/{method['name']}" for method in methods if not method["client_streaming"]}
    assert unary == {rpc.path for rpc in RPCS} - {"/grpc.health.v1.Health/Check"}


# The namespace and its stub


def test_namespace_holds_each_top_level_name_and_nested_ones_on_their_parents() -> None:
    for file in TABLE:
        for item in expected_items(file):
            kind, _, path = item.partition(" ")
            if kind != "service":
                assert attrgetter(path)(pb).DESCRIPTOR.full_name == f"weaviate.v1.{path}"


def test_structs_make_way_for_the_values_of_weaviate() -> None:
    assert pb.Value().DESCRIPTOR.full_name == "weaviate.v1.Value"
    assert pb.ListValue().DESCRIPTOR.full_name == "weaviate.v1.ListValue"
    assert pb.StructValue().DESCRIPTOR.full_name == "google.protobuf.Value"
    assert pb.StructListValue().DESCRIPTOR.full_name == "google.protobuf.ListValue"
    assert pb.Struct().DESCRIPTOR.full_name == "google.protobuf.Struct"
    assert pb.StructNullValue.items() == [("NULL_VALUE", 0)]


def stub_classes(body: list[ast.stmt], parents: str = "") -> Iterator[tuple[str, ast.ClassDef]]:
    for statement in body:
        if isinstance(statement, ast.ClassDef):
            yield parents + statement.name, statement
            yield from stub_classes(statement.body, f"{parents}{statement.name}.")


STUB_CLASSES = dict(stub_classes(ast.parse((PACKAGE / "__init__.pyi").read_text("utf-8")).body))


def test_stub_declares_every_public_name_and_nothing_else() -> None:
    declared = {path for path in STUB_CLASSES if "." not in path}
    # pytest rewrites the package of a plugin, and leaves names with "@" in its modules.
    assert declared == {name for name in vars(pb) if not name.startswith(("_", "@"))} - {"POOL", "pool"}


@pytest.mark.parametrize("path", sorted(STUB_CLASSES))
def test_stub_class_is_as_loaded(path: str) -> None:
    loaded = attrgetter(path)(pb)
    body = STUB_CLASSES[path].body
    annotated = {
        line.target.id for line in body if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
    }
    methods = {line.name: line for line in body if isinstance(line, ast.FunctionDef)}
    if not (isinstance(loaded, type) and issubclass(loaded, Message)):
        assert annotated == set(loaded.keys())
        return
    descriptor = loaded.DESCRIPTOR
    fields = [field.name for field in descriptor.fields]
    values = {value.name for enum in descriptor.enum_types for value in enum.values}
    assert [argument.arg for argument in methods["__init__"].args.kwonlyargs] == fields
    assert (annotated | methods.keys()) >= set(fields) | values
    assert annotated <= set(fields) | values
    for name in values:
        assert isinstance(getattr(loaded, name), int)
    message: Any = loaded()
    for name in methods.keys() - {"__init__", "__iter__"}:
        assert hasattr(message, name), name
    if "__iter__" in methods:
        assert list(iter(message)) == []


# The classes


def test_messages_pickle_and_copy() -> None:
    request = pb.SearchRequest(
        collection="Article",
        limit=3,
        filters=pb.Filters(
            operator=pb.Filters.OPERATOR_LIKE, value_text="a*", target=pb.FilterTarget(property="title")
        ),
    )
    assert pickle.loads(pickle.dumps(request)) == request
    assert copy.deepcopy(request) == request
    entry = pb.BatchObjectsReply.BatchError(index=4, error="no")
    assert pickle.loads(pickle.dumps(entry)) == entry
    assert type(pickle.loads(pickle.dumps(pb.StructValue(number_value=1)))) is pb.StructValue


def test_struct_takes_plain_python_values() -> None:
    struct = pb.Struct()
    struct.update({"text": "a", "flag": True, "nothing": None, "list": [1, {"deep": 2.5}]})
    struct["more"] = {"x": [1]}
    assert struct["text"] == "a"
    assert struct["flag"] is True
    assert struct["nothing"] is None
    assert set(struct.keys()) == {"text", "flag", "nothing", "list", "more"}
    parsed = pb.Struct.FromString(struct.SerializeToString())
    assert parsed.fields["list"].list_value.values[1].struct_value.fields["deep"].number_value == 2.5


def test_unknown_fields_survive_so_newer_servers_do_no_harm() -> None:
    newer = pb.SearchRequest(collection="Article").SerializeToString() + b"\xfa\x3f\x01x"  # field 1023, a string
    parsed = pb.SearchRequest.FromString(newer)
    assert parsed.collection == "Article"
    assert parsed.SerializeToString() == newer
