"""From the results of a search to an Arrow table: id, properties, references, vectors, and what hits know besides.

Imported when the first table is asked for, because pyarrow is optional.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias, get_args

import numpy as np
from pydantic import BaseModel

from weaviate_orm.errors import InvalidQueryError, ProtocolError, near_names
from weaviate_orm.expr.nodes import Inclusion
from weaviate_orm.model.datatypes import input_key
from weaviate_orm.model.info import ModelInfo, PropertyInfo, ReferenceInfo, VectorInfo, model_info
from weaviate_orm.query.page import HitColumn
from weaviate_orm.query.projection import Projection
from weaviate_orm.wire import _pb as pb
from weaviate_orm.wire.columns import INSTANT, Array, Type, compile_column, counted, lists_of, pa, spread
from weaviate_orm.wire.identity import result_id_text
from weaviate_orm.wire.linked import nested_for, vectors_for

if TYPE_CHECKING:
    from pyarrow import Table

__all__ = ["compile_table", "joined"]

# What a result and an object behind a reference have in common.
Rows: TypeAlias = Sequence[pb.PropertiesResult]
Metas: TypeAlias = Sequence[pb.MetadataResult]
Part: TypeAlias = Callable[[Rows, Metas], Array]


@lru_cache(maxsize=512)
def compile_table(
    info: ModelInfo,
    projection: Projection | None,
    inclusions: tuple[Inclusion, ...],
    vectors: tuple[VectorInfo, ...],
) -> Callable[[Sequence[pb.SearchResult], Sequence[HitColumn]], Table]:
    """Give the function from results, and names of metadata, to a table with one row a result.

    Raises (the function):
        InvalidQueryError: a name of metadata that there is not.
        HydrationError: a value is missing or of another type than declared.
    """
    if projection is None:
        parts = _model_parts(info, inclusions, vectors, fixed=True)
    else:
        parts = {"id": _ids} | _projection_parts(projection, fixed=True)

    def table(results: Sequence[pb.SearchResult], metadata: Sequence[HitColumn]) -> Table:
        rows = [each.properties for each in results]
        metas = [each.metadata for each in results]
        arrays = {name: part(rows, metas) for name, part in parts.items()}
        if isinstance(metadata, str):
            raise InvalidQueryError(f"metadata takes a list of names, also of one: metadata=[{metadata!r}].")
        for name in metadata:
            if name not in _METADATA:
                raise InvalidQueryError(
                    f"metadata takes names of what hits know, got {name!r}.{near_names(name, _METADATA)} "
                    f"There are {', '.join(get_args(HitColumn))}."
                )
            arrays[f"hit_{name}" if name in parts else name] = _METADATA[name](rows, metas)
        made: Table = pa.Table.from_arrays(list(arrays.values()), names=list(arrays))
        return made

    return table


def joined(tables: Sequence[Table]) -> Table:
    """Give one table of the tables of several pages. They differ in vectors alone: a page without any does not know how long they are."""
    schemas: list[Array] = [each.schema for each in tables]
    if all(each.equals(schemas[0]) for each in schemas):
        alike: Sequence[Table] = tables
    else:
        names = tables[0].column_names
        types = [_common([each.field(name).type for each in schemas]) for name in names]
        alike = [
            pa.Table.from_arrays(
                [_as(each.column(name), kind) for name, kind in zip(names, types, strict=True)], names=names
            )
            for each in tables
        ]
    whole: Table = pa.concat_tables(alike)
    return whole


def _common(types: Iterable[Type]) -> Type:
    distinct: list[Type] = list(dict.fromkeys(types))
    if len(distinct) == 1:
        return distinct[0]
    known = [each for each in distinct if not _unknown(each)]
    if len(known) == 1:
        return known[0]
    # Vectors of several lengths, which only a collection without a vector index can hold.
    return pa.list_(pa.list_(pa.float32())) if any(map(_of_rows, known)) else pa.list_(pa.float32())


def _of_rows(kind: Type) -> bool:
    return bool(pa.types.is_list(kind) and not pa.types.is_floating(kind.value_type))


def _unknown(kind: Type) -> bool:
    inner = kind.value_type if _of_rows(kind) else kind
    return bool(pa.types.is_fixed_size_list(inner) and inner.list_size == 0)


def _as(column: Array, kind: Type) -> Array:
    if column.type == kind:
        return column
    if column.null_count == len(column):
        return pa.chunked_array([pa.nulls(len(column), kind)])
    return column.cast(kind)


# --- properties and references -----------------------------------------------------------------------------------------


def _model_parts(
    info: ModelInfo, inclusions: tuple[Inclusion, ...], vectors: Iterable[VectorInfo], *, fixed: bool
) -> dict[str, Part]:
    """Give the columns of whole objects. ``fixed``: whether vectors are lists of one fixed length."""
    parts: dict[str, Part] = {"id": _ids}
    for each in info.properties.values():
        parts[each.field] = _property(each, info.model, f"{info.name}.{each.field}")
    for inclusion in inclusions:
        reference = info.references[inclusion.link.field]
        parts[reference.field] = _link(
            reference, [_included(model_info(each), inclusion) for each in reference.targets]
        )
    return parts | {each.field: _vector(each, fixed=fixed) for each in vectors}


def _included(target: ModelInfo, inclusion: Inclusion) -> dict[str, Part]:
    if inclusion.ids_only:
        return {"id": _ids}
    return _model_parts(target, nested_for(target.model, inclusion), vectors_for(target, inclusion), fixed=False)


def _projection_parts(projection: Projection, *, fixed: bool) -> dict[str, Part]:
    """Give the columns of a projection: its fields, in their order."""
    shape = projection.shape
    fields = {input_key(shape, each): each for each in shape.model_fields}
    parts: dict[str, Part] = {}
    if projection.id_key is not None:
        parts["id"] = _ids
    for each in projection.properties:
        parts[each.field] = _property(each, shape, f"{shape.__name__}.{each.field}")
    for link in projection.links:
        targets = [_projection_parts(each, fixed=False) for each in link.targets]
        parts[fields[link.key]] = _link(link.reference, targets)
    for vector in projection.vectors:
        parts[fields[vector.key]] = _vector(vector.vector, fixed=fixed)
    for measure in projection.measures:
        parts[fields[measure.key]] = _measured(measure.attribute)
    return {each: parts[each] for each in shape.model_fields if each in parts}


def _ids(rows: Rows, metas: Metas) -> Array:
    return pa.array(list(map(result_id_text, metas)), type=pa.string())


def _property(info: PropertyInfo, owner: type[BaseModel], where: str) -> Part:
    column = compile_column(info, owner, where)
    return lambda rows, metas: column.read([each.non_ref_props.fields for each in rows])


def _link(reference: ReferenceInfo, targets: Sequence[Mapping[str, Part]]) -> Part:
    """Give the column of a reference: a struct, or a list of them; with several targets, one struct for each by the model's name."""
    name, many = reference.name, reference.many
    # By collection, because a reference to several models gives results of each; with one model the answer's name does not matter.
    collections = [model_info(each).collection for each in reference.targets] if len(targets) > 1 else []

    def read(rows: Rows, metas: Metas) -> Array:
        found = [[each for held in row.ref_props if held.prop_name == name for each in held.properties] for row in rows]
        if not many:
            found = [each[:1] for each in found]
        inner = list(chain.from_iterable(found))
        objects = several(inner) if collections else _structs(targets[0], inner)
        if many:
            return lists_of(objects, list(map(len, found)))
        return spread(objects, counted(bool(each) for each in found))

    def several(inner: Rows) -> Array:
        arrays: list[Array] = []
        for collection, parts in zip(collections, targets, strict=True):
            own = [each for each in inner if each.target_collection == collection]
            positions = counted(each.target_collection == collection for each in inner)
            arrays.append(spread(_structs(parts, own), positions))
        return pa.StructArray.from_arrays(arrays, names=[each.__name__ for each in reference.targets])

    return read


def _structs(parts: Mapping[str, Part], rows: Rows) -> Array:
    metas = [each.metadata for each in rows]
    return pa.StructArray.from_arrays([part(rows, metas) for part in parts.values()], names=list(parts))


# --- vectors -----------------------------------------------------------------------------------------------------------


def _vector(vector: VectorInfo, *, fixed: bool) -> Part:
    """Give the reader of a vector's column: lists of one fixed length if all vectors have it and ``fixed`` is set."""

    def raw(metadata: pb.MetadataResult) -> bytes:
        if vector.name is None:
            return metadata.vector_bytes
        return next((each.vector_bytes for each in metadata.vectors if each.name == vector.name), b"")

    def read(rows: Rows, metas: Metas) -> Array:
        held = [raw(each) for each in metas]
        there = [each for each in held if each]
        array = (_multi if vector.multi else _single)(there, vector.options.dimensions or 0, fixed)
        return spread(array, counted(map(bool, held)))

    return read


def _single(raws: list[bytes], declared: int, fixed: bool) -> Array:
    for raw in raws:
        if len(raw) % 4:
            raise ProtocolError(f"A vector of {len(raw)} bytes came; float32 needs a multiple of four.")
    return _vectors(raws, [len(raw) // 4 for raw in raws], declared, fixed)


def _multi(raws: list[bytes], declared: int, fixed: bool) -> Array:
    dimensions = [int.from_bytes(raw[:2], "little") for raw in raws]
    for raw, each in zip(raws, dimensions, strict=True):
        if not each or (len(raw) - 2) % (4 * each):
            raise ProtocolError(f"A multi-vector of {len(raw)} bytes came for {each} dimensions.")
    counts = [(len(raw) - 2) // (4 * each) for raw, each in zip(raws, dimensions, strict=True)]
    lengths = list(chain.from_iterable([each] * count for each, count in zip(dimensions, counts, strict=True)))
    return lists_of(_vectors([raw[2:] for raw in raws], lengths, declared, fixed), counts)


def _vectors(raws: list[bytes], lengths: list[int], declared: int, fixed: bool) -> Array:
    numbers: Array = pa.array(np.frombuffer(b"".join(raws), dtype="<f4"))
    sizes = set(lengths) or {declared}
    if not fixed or len(sizes) > 1:
        return lists_of(numbers, lengths)
    size = sizes.pop()
    if not lengths:
        return pa.array([], type=pa.list_(pa.float32(), size))
    return pa.FixedSizeListArray.from_arrays(numbers, size)


# --- what hits know ----------------------------------------------------------------------------------------------------


def _measure(name: str, kind: Type) -> Part:
    present = f"{name}_present"
    return lambda rows, metas: pa.array(
        [getattr(each, name) if getattr(each, present) else None for each in metas], type=kind
    )


def _time(name: str) -> Part:
    present = f"{name}_present"

    def read(rows: Rows, metas: Metas) -> Array:
        stamps = [getattr(each, name) if getattr(each, present) else None for each in metas]
        # Milliseconds; servers of long ago gave the update time in nanoseconds.
        micros = [None if each is None else each // 1_000 if each >= 10**14 else each * 1_000 for each in stamps]
        return pa.array(micros, type=pa.int64()).cast(INSTANT)

    return read


def _measured(attribute: str) -> Part:
    """Give the column of an attribute of ``Hit`` that a projection has a field for."""
    return _ids if attribute == "id" else {str(name): part for name, part in _METADATA.items()}[attribute]


_METADATA: dict[HitColumn, Part] = {
    "distance": _measure("distance", pa.float64()),
    "certainty": _measure("certainty", pa.float64()),
    "score": _measure("score", pa.float64()),
    "explain_score": _measure("explain_score", pa.string()),
    "rerank_score": _measure("rerank_score", pa.float64()),
    "is_consistent": _measure("is_consistent", pa.bool_()),
    "created_at": _time("creation_time_unix"),
    "updated_at": _time("last_update_time_unix"),
}
