"""What is told to those who ask an expression or an object for something it does not have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from weaviate_orm import InvalidQueryError, Property, Reference, WeaviateModel, prop, reference


class Cook(WeaviateModel):
    name: Property[str]


class Dish(WeaviateModel):
    title: Property[str]
    minutes: Property[int] = prop(default=1)
    ingredients: Property[list[str]] = prop(default_factory=list)
    cook: Reference[Cook | None] = reference()


# Any: what stands here is what a type checker refuses.
dish: Any = Dish
cook: Any = Dish.cook


@pytest.mark.parametrize(
    ("mistake", "error", "hint"),
    [
        (lambda: cook == Cook(name="x"), InvalidQueryError, "Dish.cook.has(Model.id == ...)"),
        (lambda: cook != None, InvalidQueryError, "Dish.cook.count() == 0"),  # noqa: E711
        (lambda: cook.name, AttributeError, "Dish.cook.has(Model.name == ...)"),
        (lambda: dish.minutes & dish.title, TypeError, "put each comparison in parentheses"),
        (lambda: dish.minutes > 1 & dish.minutes, TypeError, "put each comparison in parentheses"),
        (lambda: "egg" in dish.ingredients, TypeError, "Dish.ingredients.contains_any([...])"),
        (lambda: dish.title.in_("egg"), InvalidQueryError, "in_() takes a list of values"),
        (lambda: dish.titel, AttributeError, "Did you mean 'title'?"),
        (lambda: dish(title="x").titel, AttributeError, "Did you mean 'title'?"),
    ],
)
def test_the_way_out_is_named(mistake: Callable[[], object], error: type[Exception], hint: str) -> None:
    with pytest.raises(error) as caught:
        mistake()
    assert hint in str(caught.value)


def test_references_can_still_be_kept_in_sets() -> None:
    assert len({Dish.cook, Dish.cook}) == 1


def test_a_name_that_is_near_nothing_is_pythons_own_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute"):
        dish(title="x").zzzzzz
