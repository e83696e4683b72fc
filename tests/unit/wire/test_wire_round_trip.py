"""What is written comes back equal: model -> batch message -> (what a server makes of it) -> model, without a server.

The translator below is the least that a server does: it reads a batch message by the collection's data types and answers with the other
half of the protocol. It is written from the protocol, not from the package's readers, so a mistake made the same way in both directions
does not pass.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from strategies import complete_objects, objects_of_any_kind
from zoo import Everything, Required

from weaviate_orm import PhoneNumber, WeaviateModel
from weaviate_orm.model.info import model_info
from weaviate_orm.schema.config import PropertyConfig
from weaviate_orm.schema.from_model import collection_config
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.hydrate import compile_hydrate
from weaviate_orm.wire.objects import object_encoder

Written = pb.BatchObject.Properties | pb.ObjectPropertiesValue


def answer(written: Written, configs: tuple[PropertyConfig, ...], *, inside: bool = False) -> pb.Properties:
    """Give the properties as a reply has them. Missing ones are null at the top, and left out inside objects."""
    fields = written.non_ref_properties.fields
    arrays: dict[str, Any] = {}
    for kind in (
        "number_array_properties",
        "int_array_properties",
        "text_array_properties",
        "boolean_array_properties",
    ):
        arrays |= {each.prop_name: each for each in getattr(written, kind)}
    arrays |= {each.prop_name: each for each in written.object_array_properties}
    objects = {each.prop_name: each.value for each in written.object_properties}
    empty = set(written.empty_list_props)
    found: dict[str, pb.Value] = {}
    for config in configs:
        name = config.name
        if name in empty:
            assert config.data_type.endswith("[]")
            found[name] = pb.Value(list_value=pb.ListValue())
        elif name in arrays:
            found[name] = pb.Value(list_value=list_answer(config, arrays[name]))
        elif name in objects:
            assert config.data_type == "object"
            found[name] = pb.Value(object_value=answer(objects[name], config.nested, inside=True))
        elif name in fields:
            found[name] = scalar_answer(config.data_type, fields[name])
        elif not inside:
            found[name] = pb.Value(null_value=0)  # type: ignore[arg-type]  # the only value
    known = {config.name for config in configs}
    assert {*fields, *arrays, *objects, *empty} <= known, "something was written that the collection does not have"
    return pb.Properties(fields=found)


def scalar_answer(data_type: str, value: pb.StructValue) -> pb.Value:
    kind = value.WhichOneof("kind")
    if data_type in ("int", "number"):
        assert kind == "number_value"
        number = value.number_value
        return pb.Value(int_value=int(number)) if data_type == "int" else pb.Value(number_value=number)
    if data_type == "boolean":
        assert kind == "bool_value"
        return pb.Value(bool_value=value.bool_value)
    if data_type in ("geoCoordinates", "phoneNumber"):
        assert kind == "struct_value"
        held = value.struct_value.fields
        if data_type == "geoCoordinates":
            place = pb.GeoCoordinate(latitude=held["latitude"].number_value, longitude=held["longitude"].number_value)
            return pb.Value(geo_value=place)
        country = held["defaultCountry"].string_value if "defaultCountry" in held else ""
        return pb.Value(phone_value=pb.PhoneNumber(input=held["input"].string_value, default_country=country.upper()))
    assert kind == "string_value"
    text = value.string_value
    if data_type == "blobHash":
        return pb.Value(blob_value=hashlib.sha256(text.encode()).hexdigest())
    if data_type == "blob":
        assert base64.b64decode(text, validate=True)
    return pb.Value(**{f"{data_type}_value": text})  # type: ignore[arg-type]  # text, date, uuid or blob


def list_answer(config: PropertyConfig, array: Any) -> pb.ListValue:
    match config.data_type.removesuffix("[]"):
        case "int":
            values = list(array.values)
            return pb.ListValue(int_values=pb.IntValues(values=struct.pack(f"<{len(values)}q", *values)))
        case "number":
            return pb.ListValue(number_values=pb.NumberValues(values=array.values_bytes))
        case "boolean":
            return pb.ListValue(bool_values=pb.BoolValues(values=array.values))
        case "object":
            values = [answer(each, config.nested, inside=True) for each in array.values]
            return pb.ListValue(object_values=pb.ObjectValues(values=values))
        case "date":
            return pb.ListValue(date_values=pb.DateValues(values=array.values))
        case "uuid":
            return pb.ListValue(uuid_values=pb.UuidValues(values=array.values))
        case _:
            return pb.ListValue(text_values=pb.TextValues(values=array.values))


def back(instance: WeaviateModel) -> object:
    """Write an object, carry both messages over the wire as bytes, and read it."""
    info = model_info(type(instance))
    message = pb.BatchObject()
    object_encoder(type(instance)).fill(message, instance, None)
    sent = pb.BatchObject.FromString(message.SerializeToString())
    properties = answer(sent.properties, collection_config(info).properties)
    reply = pb.PropertiesResult.FromString(pb.PropertiesResult(non_ref_props=properties).SerializeToString())
    metadata = pb.MetadataResult(id=sent.uuid, id_as_bytes=instance.id.bytes)
    return compile_hydrate(info, None, (), ())(reply, metadata)


def as_read(phone: PhoneNumber | None) -> PhoneNumber | None:
    """Give a phone number as it is read: the translator works nothing out."""
    if phone is None:
        return None
    country = None if phone.default_country is None else phone.default_country.upper()
    return replace(
        phone,
        default_country=country,
        country_code=0,
        national=0,
        national_formatted="",
        international_formatted="",
        valid=False,
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(objects_of_any_kind())
def test_every_data_type_comes_back(instance: Everything) -> None:
    assert back(instance) == instance.model_copy(update={"phone": as_read(instance.phone)})


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(complete_objects())
def test_zeros_and_empty_values_come_back(instance: Required) -> None:
    assert back(instance) == instance
