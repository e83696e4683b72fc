"""What a model can say about a query before it is sent."""

from __future__ import annotations

from weaviate_orm.errors import InvalidQueryError
from weaviate_orm.expr.nodes import (
    And,
    Comparison,
    Inclusion,
    LengthSubject,
    Node,
    Not,
    Operator,
    Or,
    PropertySubject,
    SortKey,
    Through,
    TimeSubject,
)
from weaviate_orm.model.info import ModelInfo, VectorInfo, model_info, owner_of
from weaviate_orm.schema.from_model import inverted_index
from weaviate_orm.schema.modules import self_provided

__all__ = ["check_condition", "check_inclusion", "check_order", "embeds_text"]


def check_condition(info: ModelInfo, node: Node) -> None:
    """Refuse a condition that the model's collection cannot answer.

    Raises:
        InvalidQueryError: it is about another model, or needs an index that the model does not declare.
    """
    match node:
        case Comparison():
            _check_owner(info, owner_of(node.subject), str(node.subject))
            _check_index(info, node)
        case And(nodes) | Or(nodes):
            for inner in nodes:
                check_condition(info, inner)
        case Not(inner):
            check_condition(info, inner)
        case Through(link, inner, target):
            _check_owner(info, link.owner, str(link))
            if link.many and isinstance(inner, And):
                raise InvalidQueryError(
                    f"{link}.has() takes one comparison, or several joined with |: the server answers each comparison by itself, "
                    "so several joined with & could be fulfilled by different objects. "
                    f"If that is meant, write {link}.has(a) & {link}.has(b).",
                    field=str(link),
                )
            check_condition(model_info(target), inner)


def _check_owner(info: ModelInfo, owner: type[object] | None, subject: str) -> None:
    if owner is None or issubclass(info.model, owner):
        return
    paths = [each for each in info.references.values() if any(issubclass(target, owner) for target in each.targets)]
    way = (
        f" Ask through the reference: {info.name}.{paths[0].field}.has(...)."
        if paths
        else f" The query is over {info.name}; use its own attributes."
    )
    raise InvalidQueryError(f"{subject} is not a property of {info.name}.{way}", field=subject)


def _check_index(info: ModelInfo, node: Comparison) -> None:
    index = inverted_index(info)
    if isinstance(node.subject, TimeSubject) and not index.timestamps:
        needed = "timestamps"
    elif isinstance(node.subject, LengthSubject) and not index.property_length:
        needed = "property_length"
    elif node.operator is Operator.IS_NULL and not index.null_state:
        needed = "null_state"
    else:
        return
    raise InvalidQueryError(
        f"A filter on {node.subject} ({node.operator.value}) needs an index that {info.name} does not declare: "
        f"class {info.name}(WeaviateModel, inverted_index=InvertedIndex({needed}=True)). "
        "A collection gets it when it is created and not later.",
        field=str(node.subject),
    )


def embeds_text(vector: VectorInfo) -> bool:
    """Tell whether the server can embed a query for this vector; it cannot when the vectors are self-provided."""
    vectorizer = vector.options.vectorizer
    return vectorizer is not None and not isinstance(vectorizer, self_provided)


def check_order(info: ModelInfo, order: tuple[SortKey, ...]) -> None:
    """Refuse sort keys of another model.

    Raises:
        InvalidQueryError: names the key.
    """
    for key in order:
        if isinstance(key.subject, PropertySubject):
            _check_owner(info, key.subject.attribute.owner, str(key.subject))


def check_inclusion(info: ModelInfo, inclusion: Inclusion) -> None:
    """Refuse references of another model, at every depth.

    Raises:
        InvalidQueryError: names the reference.
    """
    _check_owner(info, inclusion.link.owner, str(inclusion.link))
    reference = info.references[inclusion.link.field]
    if len(reference.targets) > 1:
        # Asked for several target collections, the server gives the objects of the first one several times, and none of the others.
        names = ", ".join(each.__name__ for each in reference.targets)
        raise InvalidQueryError(
            f"{inclusion.link} leads to several models ({names}), of which the server gives only one in a query, so it cannot "
            f"be included. Filter through it with {inclusion.link}.has(...), or declare one reference for each model.",
            field=str(inclusion.link),
        )
    for nested in inclusion.nested:
        targets = [each for each in reference.targets if issubclass(each, nested.link.owner)]
        if not targets:
            names = " or ".join(each.__name__ for each in reference.targets)
            raise InvalidQueryError(f"{inclusion.link} leads to {names}, which {nested.link} does not belong to.")
        check_inclusion(model_info(targets[0]), nested)
