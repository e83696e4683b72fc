"""Message classes from the compiled descriptor set, in a descriptor pool of our own.

The default pool of google.protobuf holds one definition per name in a process, and weaviate-client registers
``weaviate.v1`` there. A private pool lets both live side by side, and as no generated code is involved, no version
check ties us to one protobuf release.

``scripts/generate_protocol.py`` writes ``descriptors.binpb`` and the stub ``__init__.pyi`` from ``protos/``.
"""

from __future__ import annotations

import copyreg
from collections.abc import Callable
from pathlib import Path

from google.protobuf.descriptor import Descriptor, EnumDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

__all__ = ["load"]


def load(module: str) -> tuple[DescriptorPool, dict[str, object]]:
    """Give a new pool with every message, and its top-level classes and enums by their Python names.

    Args:
        module: where the classes will be found, so that messages pickle.
    """
    files = FileDescriptorSet.FromString(Path(__file__).with_name("descriptors.binpb").read_bytes()).file
    pool = DescriptorPool()
    for file in files:  # a file comes after those that it imports
        pool.AddSerializedFile(file.SerializeToString())
    names: dict[str, object] = {}
    for file in files:
        descriptor = pool.FindFileByName(file.name)
        for message in descriptor.message_types_by_name.values():
            name = _python_name(message)
            names[name] = _message_class(message, module, name)
        for enum in descriptor.enum_types_by_name.values():
            names[_python_name(enum)] = EnumTypeWrapper(enum)
    return pool, names


def _python_name(descriptor: Descriptor | EnumDescriptor) -> str:
    # weaviate.v1 has a Value and a ListValue of its own, and they keep their names: Google's are StructValue and so on.
    is_clash = descriptor.file.package == "google.protobuf" and descriptor.name != "Struct"
    return f"Struct{descriptor.name}" if is_clash else descriptor.name


def _message_class(descriptor: Descriptor, module: str, qualified_name: str) -> type[Message]:
    message_class = GetMessageClass(descriptor)
    message_class.__module__ = module
    message_class.__qualname__ = qualified_name
    # Message.__reduce__ would look a nested class up in the default pool when the pickle is read.
    copyreg.pickle(message_class, _reduce)
    for nested in descriptor.nested_types:
        nested_class = _message_class(nested, module, f"{qualified_name}.{nested.name}")
        if not hasattr(message_class, nested.name):  # protobuf in pure Python leaves this to generated code
            setattr(message_class, nested.name, nested_class)
    return message_class


def _reduce(message: Message) -> tuple[Callable[[type[Message], bytes], Message], tuple[type[Message], bytes]]:
    return _parse, (type(message), message.SerializeToString())


def _parse(message_class: type[Message], content: bytes) -> Message:
    return message_class.FromString(content)
