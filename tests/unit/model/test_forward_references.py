"""Classes that name each other: in modules, in functions, in cycles, with and without postponed annotations.

The models are written as source and run, because where and in which order classes stand is what is tested.
"""

from __future__ import annotations

import gc
import sys
import textwrap
import types
import weakref
from collections.abc import Iterator

import pytest

from weaviate_orm import ModelDefinitionError, WeaviateModel
from weaviate_orm.model.info import model_info

NAMES = "from weaviate_orm import Property, Reference, References, Vector, WeaviateModel, prop, reference, references, vector"
POSTPONED = "from __future__ import annotations"


@pytest.fixture(params=["evaluated", "postponed"])
def module(request: pytest.FixtureRequest) -> Iterator[types.ModuleType]:
    """An empty module in which ``run`` executes source, with or without postponed annotations."""
    module = types.ModuleType(f"models_{request.param}")
    module.__dict__["header"] = f"{POSTPONED if request.param == 'postponed' else ''}\n{NAMES}\n"
    sys.modules[module.__name__] = module
    yield module
    del sys.modules[module.__name__]


def run(module: types.ModuleType, source: str) -> None:
    header: str = module.__dict__["header"]
    exec(compile(header + textwrap.dedent(source), module.__name__, "exec"), module.__dict__)


def targets(model: type[WeaviateModel], field: str) -> tuple[str, ...]:
    return tuple(each.__name__ for each in model_info(model).references[field].targets)


def test_a_later_class_of_the_module(module: types.ModuleType) -> None:
    run(
        module,
        """
        class Article(WeaviateModel):
            title: Property[str]
            author: Reference["Author"] = reference()

        class Author(WeaviateModel):
            name: Property[str]
        """,
    )
    assert targets(module.Article, "author") == ("Author",)
    article = module.Article(title="x", author=module.Author(name="y"))
    assert article.author.name == "y"
    assert repr(module.Article.author.has(module.Author.name == "y")) == (
        "<Condition Article.author.has(Author.name == 'y')>"
    )


def test_two_classes_that_name_each_other(module: types.ModuleType) -> None:
    run(
        module,
        """
        class Author(WeaviateModel):
            name: Property[str]
            articles: References["Article"] = references()

        class Article(WeaviateModel):
            title: Property[str]
            author: Reference[Author] = reference()
        """,
    )
    assert targets(module.Author, "articles") == ("Article",)
    assert targets(module.Article, "author") == ("Author",)


def test_a_ring_of_three(module: types.ModuleType) -> None:
    run(
        module,
        """
        class A(WeaviateModel):
            b: Reference["B"] = reference()
        class B(WeaviateModel):
            c: Reference["C | None"] = reference()
        class C(WeaviateModel):
            a: References["A"] = references()
            any: Reference["A | B"] = reference()
        """,
    )
    assert [targets(module.A, "b"), targets(module.B, "c"), targets(module.C, "a")] == [("B",), ("C",), ("A",)]
    assert targets(module.C, "any") == ("A", "B")


def test_a_class_that_names_itself(module: types.ModuleType) -> None:
    run(
        module,
        """
        class Page(WeaviateModel):
            title: Property[str]
            parent: Reference["Page | None"] = reference()
            children: References["Page"] = references()
        """,
    )
    page = module.Page(title="a", children=[module.Page(title="b")])
    assert page.parent is None
    assert page.children[0].title == "b"
    assert targets(module.Page, "parent") == ("Page",)


def test_inside_a_function(module: types.ModuleType) -> None:
    run(
        module,
        """
        def define():
            class Author(WeaviateModel):
                name: Property[str]
                articles: References["Article"] = references()
            class Article(WeaviateModel):
                title: Property[str]
                author: Reference["Author"] = reference()
            return Author, Article
        """,
    )
    author, article = module.define()
    assert targets(author, "articles") == ("Article",)
    assert targets(article, "author") == ("Author",)
    other_author, other_article = module.define()
    assert model_info(other_article).references["author"].targets == (other_author,)
    assert model_info(article).references["author"].targets == (author,)


def test_a_function_s_other_locals_are_not_kept_alive(module: types.ModuleType) -> None:
    run(
        module,
        """
        class Big:
            pass

        def define():
            import weakref
            big = Big()
            class Author(WeaviateModel):
                name: Property[str]
            return Author, weakref.ref(big)
        """,
    )
    author, big = module.define()
    assert isinstance(big, weakref.ref)
    gc.collect()
    assert big() is None
    assert author(name="x").name == "x"


def test_a_type_that_is_only_known_inside_a_function(module: types.ModuleType) -> None:
    run(
        module,
        """
        def define():
            import enum
            class Colour(enum.Enum):
                RED = "red"
            class Thing(WeaviateModel):
                colour: Property["Colour"]
            return Thing, Colour
        """,
    )
    thing, colour = module.define()
    assert thing(colour="red").colour is colour.RED


def test_a_name_that_never_comes(module: types.ModuleType) -> None:
    run(
        module,
        """
        class Article(WeaviateModel):
            title: Property[str]
            author: Reference["Autor"] = reference()
        class Author(WeaviateModel):
            name: Property[str]
        """,
    )
    with pytest.raises(ModelDefinitionError) as caught:
        model_info(module.Article)
    assert caught.value.message == (
        "Article names 'Autor', which is not defined where the model is, and which no single model in another module is called. "
        "Define or import that class before the model is used, or call Article.model_rebuild() where both are known."
    )


def test_the_error_of_a_completed_class_comes_when_the_last_name_does(module: types.ModuleType) -> None:
    with pytest.raises(ModelDefinitionError, match="a reference leads to a WeaviateModel, not to"):
        run(
            module,
            """
            from pydantic import BaseModel
            class Article(WeaviateModel):
                author: Reference["Author"] = reference()
                editor: Reference["Later"] = reference()
            class Author(BaseModel):
                name: str
            class Later(WeaviateModel):
                name: Property[str]
            """,
        )


def test_a_waiting_model_that_is_gone_is_forgotten(module: types.ModuleType) -> None:
    run(
        module,
        """
        class Article(WeaviateModel):
            author: Reference["Missing"] = reference()
        """,
    )
    article = weakref.ref(module.Article)
    del module.__dict__["Article"]
    gc.collect()
    assert article() is None


def test_expressions_of_an_incomplete_model_ask_for_the_missing_class(module: types.ModuleType) -> None:
    run(
        module,
        """
        class Article(WeaviateModel):
            title: Property[str]
            author: Reference["Nobody"] = reference()
        """,
    )
    with pytest.raises(ModelDefinitionError, match="names 'Nobody'"):
        module.Article.title


def elsewhere(name: str, source: str) -> types.ModuleType:
    other = types.ModuleType(name)
    # dont_inherit: this file's postponed annotations are not the other module's.
    exec(compile(f"{NAMES}\n{textwrap.dedent(source)}", name, "exec", dont_inherit=True), other.__dict__)
    return other


def test_a_class_of_this_module_comes_before_one_of_the_same_name_elsewhere(module: types.ModuleType) -> None:
    run(
        module,
        """
        class Novel(WeaviateModel):
            writer: Reference["Writer"] = reference()
        """,
    )
    elsewhere("other_writers", "class Writer(WeaviateModel):\n    other: Property[str]")
    run(
        module,
        """
        class Writer(WeaviateModel):
            name: Property[str]
        """,
    )
    assert model_info(module.Novel).references["writer"].targets == (module.Writer,)


def test_a_class_that_only_another_module_has_is_found_on_first_use(module: types.ModuleType) -> None:
    # What `if TYPE_CHECKING: from shops import Bookshop` leads to: modules that need each other cannot both import at run time.
    name = f"Bookshop_of_{module.__name__}"  # classes outlive tests, and there must be one of this name
    run(
        module,
        f"""
        class Volume(WeaviateModel):
            shop: Reference["{name}"] = reference()
        """,
    )
    shops = elsewhere("shops", f"class {name}(WeaviateModel):\n    city: Property[str]")
    shop: type[WeaviateModel] = shops.__dict__[name]
    volume = module.Volume(shop=shop.model_validate({"city": "Delft"}))
    assert volume.shop.city == "Delft"
    assert model_info(module.Volume).references["shop"].targets == (shop,)
