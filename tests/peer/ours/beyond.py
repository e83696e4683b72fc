"""What the client cannot say, so that nothing is compared: the fields of the requests that it never sets."""

from __future__ import annotations

from weaviate_orm.types import MediaKind

from .aggregate import exhibits as aggregated
from .common import MEDIUM, Intent
from .generate import TASK
from .models import Exhibit, exhibits
from .searches import MEDIA

__all__ = ["INTENTS"]


def near_media(kind: MediaKind) -> Intent:
    return lambda s: (
        aggregated(s).near_media(MEDIUM, kind=kind, target=Exhibit.scene).object_limit(10).compute(Exhibit.likes.mean())
    )


INTENTS: dict[str, Intent] = {
    "types of properties": lambda s: aggregated(s).compute(
        Exhibit.title.type(),
        Exhibit.likes.type(),
        Exhibit.price.type(),
        Exhibit.shown.type(),
        Exhibit.published.type(),
    ),
    "a task with its debug output": lambda s: exhibits(s).generate(grouped=TASK, debug=True).all(),
    **{f"aggregated near {what}": near_media(kind) for what, kind in MEDIA.items()},
}
