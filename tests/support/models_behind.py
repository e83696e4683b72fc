"""An engine in this process with the models that the real server of the tests has behind its modules.

They are the functions of ``examples/inference_service``, so vectors, scores of the reranker and texts of the generator are the same on all.
"""

from __future__ import annotations

from pathlib import Path

from inference_service.models import MediaEmbedder, TextGenerator, rerank
from real_server import MODULES

from weaviate_orm import InProcess

__all__ = ["engine_with_models"]


def engine_with_models(path: Path | None = None) -> InProcess:
    """Give the target; ``path`` is its file, ``None`` keeps it in memory.

    ``reranker-dummy`` and ``generative-dummy`` are left to the engine, which has them as the server does.
    """
    generator = TextGenerator()
    generative = [name for name in MODULES if name.startswith("generative-") and name != "generative-dummy"]
    return InProcess(
        path,
        embedder=MediaEmbedder(),
        reranker={"reranker-transformers": rerank},
        generator=dict.fromkeys(generative, generator),
    )
