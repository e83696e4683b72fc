"""Semantic search over the documentation of Python's standard library, through typed models.

Run it with ``scripts/quickstart``. It keeps everything in memory, in the engine inside this process, with the embeddings of WordLlama;
or on the server that ``WEAVIATE_URL`` names, which then needs the module text2vec-transformers, as the one in docker-compose.yml has.
The answers are the same.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from typing import Literal, TypeVar

from pydantic import BaseModel
from rich.console import Console
from rich.progress import track
from standard_library import MemberDoc, ModuleDoc, read_standard_library

from weaviate_orm import (
    Hit,
    LoadReport,
    Property,
    Reference,
    Session,
    Vector,
    WeaviateError,
    WeaviateModel,
    prop,
    reference,
    vector,
)
from weaviate_orm.modules import text2vec_transformers

T = TypeVar("T")


class PythonModule(WeaviateModel, key="name"):
    """A module of Python's standard library."""

    name: Property[str] = prop(tokenization="field")
    summary: Property[str]
    text: Property[str]
    embedding: Vector = vector(text2vec_transformers(), source=["name", "summary", "text"])


class PythonMember(WeaviateModel, key="qualified_name"):
    """A function, class or method of Python's standard library."""

    qualified_name: Property[str]
    kind: Property[Literal["function", "class", "method"]] = prop(tokenization="field")
    signature: Property[str] = prop(skip_vectorization=True)
    summary: Property[str]
    text: Property[str]
    length: Property[int] = prop(range_filters=True)
    module: Reference[PythonModule] = reference()
    embedding: Vector = vector(text2vec_transformers(), source=["qualified_name", "summary", "text"])


class MemberCard(BaseModel):
    """What a list of results shows: a projection, so only these two properties travel."""

    qualified_name: str
    summary: str


QUESTIONS = (
    "run another program and read its output",
    "read and write zip archives",
    "compare two texts and show the differences",
)


def open_session() -> Session:
    """Give a session on the server of ``WEAVIATE_URL``, or on the engine in this process."""
    grpc_port = os.environ.get("WEAVIATE_GRPC_PORT")
    return Session(grpc_port=int(grpc_port) if grpc_port else None)


def load(
    session: Session, progress: Console | None = None
) -> tuple[LoadReport[PythonModule], LoadReport[PythonMember]]:
    """Create the collections where they are missing and store the documentation; running it again replaces what is there."""
    session.schema.create(PythonModule, PythonMember, exist_ok=True)
    documents = list(read_standard_library())
    modules = {
        each.name: PythonModule(name=each.name, summary=each.summary, text=each.text)
        for each in documents
        if isinstance(each, ModuleDoc)
    }
    members = [member(each, modules[each.module]) for each in documents if isinstance(each, MemberDoc)]
    return (
        session.insert_many(shown(list(modules.values()), "modules", progress)),
        session.insert_many(shown(members, "functions, classes and methods", progress)),
    )


def member(document: MemberDoc, module: PythonModule) -> PythonMember:
    """Make the model of a documented function, class or method."""
    return PythonMember(
        qualified_name=document.qualified_name,
        kind=document.kind,
        signature=document.signature,
        summary=document.summary,
        text=document.text,
        length=len(document.text),
        module=module,
    )


def shown(items: Sequence[T], what: str, console: Console | None) -> Iterable[T]:
    """Go over items with a progress bar."""
    if console is None:
        return items
    return track(items, description=f"Loading {len(items):,} {what}", console=console)


def ask(session: Session, question: str, limit: int = 5) -> list[Hit[PythonMember]]:
    """Give the members whose documentation is nearest to a question, each with its module."""
    query = session.query(PythonMember).near_text(question, target=PythonMember.embedding)
    return query.include(PythonMember.module).limit(limit).all()


def ask_modules(session: Session, question: str, limit: int = 5) -> list[Hit[PythonModule]]:
    """Give the modules whose documentation is nearest to a question."""
    return session.query(PythonModule).near_text(question, target=PythonModule.embedding).limit(limit).all()


def main() -> int:
    """Load the documentation, answer three questions and show what else queries can say."""
    console = Console()
    with open_session() as session:
        place = os.environ.get("WEAVIATE_URL") or "in this process"
        console.print(f"Weaviate {session.server.meta().version} {place}.", highlight=False)
        for report in load(session, console):
            console.print(f"  {report}")

        for question in QUESTIONS:
            console.print(f"\n[bold]{question}[/bold]")
            names = ", ".join(hit.object.name for hit in ask_modules(session, question, limit=3))
            console.print(f"  modules: {names}")
            for hit in ask(session, question, limit=3):
                found = hit.object
                console.print(
                    f"  {hit.distance:.3f}  {found.qualified_name} ({found.module.name}): {found.summary}",
                    highlight=False,
                    soft_wrap=True,
                )

        console.print("\n[bold]hybrid: 'parse dates', only classes and methods with a long text[/bold]")
        query = (
            session.query(PythonMember)
            .hybrid("parse dates", target=PythonMember.embedding)
            .where(PythonMember.kind != "function", PythonMember.length > 300)
            .limit(3)
        )
        for hit in query:
            found = hit.object
            console.print(
                f"  {hit.score:.3f}  {found.qualified_name}: {found.summary}", highlight=False, soft_wrap=True
            )

        console.print("\n[bold]a filter on a reference, as a projection: what asyncio has about locks[/bold]")
        cards = (
            session.query(PythonMember)
            .as_(MemberCard)
            .near_text("lock", target=PythonMember.embedding)
            .where(PythonMember.module.has(PythonModule.name == "asyncio"))
            .limit(3)
        )
        for card in cards.objects():
            console.print(f"  {card.qualified_name}: {card.summary}", highlight=False, soft_wrap=True)

        console.print("\n[bold]in groups: which modules compress, and with what[/bold]")
        groups = (
            session.query(PythonMember)
            .near_text("compress data", target=PythonMember.embedding)
            .include(PythonMember.module)
            .limit(30)
            .group_by(PythonMember.module, groups=3, per_group=2)
        )
        for group in groups:
            names = ", ".join(each.qualified_name for each in group.objects)
            console.print(f"  {group.objects[0].module.name}: {names}", highlight=False, soft_wrap=True)

        console.print("\n[bold]counted and measured by the database[/bold]")
        console.print(f"  {session.count(PythonModule):,} modules")
        for kind in session.aggregate(PythonMember).group_by(PythonMember.kind).compute(PythonMember.length.mean()):
            console.print(f"  {kind.key}: {kind.count:,}, with {kind.values or 0:.0f} characters of text on average")

        console.print("\n[bold]everything, a page at a time, for what no condition can say[/bold]")
        interactive = sum(">>>" in hit.object.text for hit in session.query(PythonMember).stream())
        console.print(f"  {interactive} texts have an example from an interactive session")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except WeaviateError as error:
        sys.exit(f"{type(error).__name__}: {error}")
