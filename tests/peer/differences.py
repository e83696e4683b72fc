"""What legitimately differs between our requests and the official client's, each with its reason. A line that nothing needs fails."""

from __future__ import annotations

from .comparison import Difference

__all__ = ["DIFFERENCES", "NOT_SENT"]

DIFFERENCES = (
    Difference(
        r"limit",
        "A query without a limit means all objects here; the client leaves the number to the server, which gives 10 or its own.",
        ours=10_000,
        theirs=None,
        intents="searches: the client's defaults",
    ),
    Difference(
        r"properties(\.non_ref_properties\[\d\])?",
        "Properties are named one by one: all of them would bring those that the model does not know, and no blobs.",
        theirs=None,
        intents="searches: the client's defaults",
    ),
    Difference(
        r"properties\.(return_all_nonref_properties|(ref_properties\[0\]\.properties\.?)?(non_ref_properties\[\d\])?)",
        "The same of the objects that references lead to.",
        intents="references: references of all properties",
    ),
    Difference(
        r"metadata\.(creation_time_unix|last_update_time_unix)",
        "Every hit has its times, without asking for them.",
        ours=True,
        theirs=None,
        intents="searches: (the client's defaults|one by its id)",
    ),
    Difference(
        r"hybrid(_search)?\.alpha",
        "The same number also in the older field, which servers before alpha_param read; the client sends one of them by version.",
        theirs=None,
    ),
    Difference(
        r"hybrid(_search)?\.(near_vector\.)?vector_bytes",
        "The deprecated field for one vector. The message for vectors also says of which kind it is.",
        ours=None,
        intents="(searches|aggregate): hybrid (with everything|around a vector within a distance)",
    ),
    Difference(
        r"hybrid(_search)?\.(near_vector\.)?vectors\[0\](\.type|\.vector_bytes)?",
        "As above.",
        theirs=None,
        intents="(searches|aggregate): hybrid (with everything|around a vector within a distance)",
    ),
    Difference(
        r"hybrid(_search)?\.(alpha_param|fusion_type)",
        "Their defaults are written out, so that a query means the same whatever the server's are.",
        theirs=None,
        intents="searches: hybrid by the client's defaults|aggregate: .*hybrid.*",
    ),
    Difference(
        r"hybrid_search\.near_text\.(distance|certainty)",
        "The server ignores thresholds here, so they cannot be given: max_vector_distance is the one that works.",
        ours=None,
        intents="searches: hybrid around (another|a moved) text",
    ),
    Difference(
        r"near_vector\.vector_for_targets\[0\]\.vectors\[\d\](\.\w+)?",
        "Several vectors for one target: each as a vector, where the client packs them as the rows of a multi-vector. The server gives the "
        "same distances for both.",
        intents="targets: several vectors for one.*",
    ),
    Difference(
        r"near_vector\.targets\.target_vectors\[\d\]",
        "A target with several vectors is named once for each of them, as weights need it; the client does so with weights only. "
        "Named once, the server refuses to tell the certainty, which hits have.",
        intents="targets: several (vectors|rows) for one(, average)?",
    ),
    Difference(
        r"filters\.((filters\[\d\]|target|value_text_array).*|operator)",
        "One condition for any number of ids, where the client makes one for each.",
        intents="(searches: several|generate: of several) by their ids",
    ),
    Difference(
        r"limit",
        "As many as there are ids; the client leaves the number to the server, whose default is 10.",
        ours=2,
        theirs=None,
        intents="searches: several by their ids",
    ),
    Difference(
        r"properties\.ref_properties\[0\]\.properties\.ref_properties\[1\](\..*)?",
        "An author may be somebody's mentor too, and the server reads an object once a request: where both levels are one collection, the "
        "upper one asks for what the lower one needs.",
        theirs=None,
        intents="references: references three deep",
    ),
    Difference(
        r"metadata\.is_consistent",
        "The client asks for all metadata of one object; here replicas are compared when check_consistency() asks for it.",
        ours=None,
        theirs=True,
        intents="searches: one by its id",
    ),
    Difference(
        r"metadata\.(score|explain_score)",
        "A search by vectors has no score to ask for.",
        ours=None,
        theirs=True,
        intents="references: metadata in full",
    ),
    Difference(
        r"metadata\.vectors?(\[\d\])?",
        "Vectors are named one by one: all of them would bring those that the model does not know.",
        intents="references: whatever vectors there are",
    ),
    Difference(
        r"rerank\.query",
        "The search's own text, when the reranker is given no other. Without any text the server asks the reranker about nothing.",
        theirs=None,
        intents="ranking: (bm25|near_text|hybrid) reranked",
    ),
    Difference(
        r"near_text\.selection\.mmr\.balance",
        "Half and half. Left out, the server takes 0: difference alone, whatever was searched.",
        ours=0.5,
        theirs=None,
        intents="ranking: diversified without a balance",
    ),
    Difference(
        r"metadata\.score",
        "A boosted search ranks by a score, also where the distance alone would rank.",
        ours=True,
        theirs=None,
        intents="ranking: (boosted|near).*",
    ),
    Difference(
        r"boost\.conditions\[\d\]\.((time|numeric)_decay\.curve|property_value\.modifier)",
        "Nothing, where the client writes out the value that means nothing.",
        ours=None,
        theirs=0,
    ),
    Difference(
        r"hybrid_search\.bm25_search_operator.*",
        "One word is what the server wants anyway, and older servers know no operator.",
        ours=None,
        intents="ranking: many options at once",
    ),
    Difference(
        r"generative\.(single|grouped)\.queries\[0\]\.openai\.is_azure",
        "Said of Azure only. The server treats False like nothing: the collection's module decides.",
        ours=None,
        theirs=False,
        intents="generate: (?!azure).*",
    ),
    Difference(
        r"generative\.grouped\.properties\.values\[1\]",
        "A task's images are only read from properties that it is about, so they are named in both places.",
        ours="picture",
        theirs=None,
        intents="generate: a task with everything",
    ),
    Difference(
        r"objects_count",
        "Always asked: the metrics of no objects are told from those of objects without values by it.",
        ours=True,
        theirs=None,
        intents="aggregate: .*",
    ),
    Difference(
        r"aggregations\[0\]\.text\.top_occurences_limit",
        "The default written out, so that it is the same for the engine and every server.",
        ours=5,
        theirs=None,
        intents="aggregate: text, top occurrences",
    ),
    Difference(
        r"aggregations\[0\]\.reference\.type",
        "With the type the server gives the collections that are referred to; without it, addresses of objects or nothing at all.",
        ours=True,
        theirs=None,
        intents="aggregate: references",
    ),
    Difference(
        r"group_by\.collection",
        "The whole path of the property, of which the server reads the end.",
        ours="PeerExhibit",
        theirs=None,
        intents="aggregate: grouped.*",
    ),
    Difference(
        r"objects\[0\]\.properties\.non_ref_properties",
        "The client sends a Struct without fields where nothing goes into it; left out it means the same.",
        ours=None,
        theirs="a message",
        intents="batches: ((empty )?arrays.*|numbers in nested objects)",
    ),
    Difference(
        r"objects\[0\]\.properties\.text_array_properties\[\d\]\.values\[1\]|filters\.value_text",
        "The client writes six digits of a second's fraction always; the server reads both and keeps what it was given.",
        ours="2024-05-01T12:00:00+00:00",
        theirs="2024-05-01T12:00:00.000000+00:00",
        intents="batches: arrays|filters: created then",
    ),
)

_LEGACY_PROMPTS = "Prompts of servers before 1.27.14, which take no provider."
_LEGACY_TARGETS = "Names of target vectors before the message Targets."
_LEGACY_VECTORS = "Vectors before the message Vectors, of which both send one form."

NOT_SENT = {
    "weaviate.v1.BatchObject.vector": _LEGACY_VECTORS,
    "weaviate.v1.Filters.on": "The path of a condition before the message FilterTarget.",
    "weaviate.v1.GenerativeSearch.grouped_properties": _LEGACY_PROMPTS,
    "weaviate.v1.GenerativeSearch.grouped_response_task": _LEGACY_PROMPTS,
    "weaviate.v1.GenerativeSearch.single_response_prompt": _LEGACY_PROMPTS,
    "weaviate.v1.Hybrid.target_vectors": _LEGACY_TARGETS,
    "weaviate.v1.Hybrid.vector": _LEGACY_VECTORS,
    "weaviate.v1.NearAudioSearch.target_vectors": _LEGACY_TARGETS,
    "weaviate.v1.NearDepthSearch.target_vectors": _LEGACY_TARGETS,
    "weaviate.v1.NearIMUSearch.target_vectors": _LEGACY_TARGETS,
    "weaviate.v1.NearImageSearch.target_vectors": _LEGACY_TARGETS,
    "weaviate.v1.NearObject.target_vectors": _LEGACY_TARGETS,
    "weaviate.v1.NearTextSearch.target_vectors": _LEGACY_TARGETS,
    "weaviate.v1.NearThermalSearch.target_vectors": _LEGACY_TARGETS,
    "weaviate.v1.NearVector.target_vectors": _LEGACY_TARGETS,
    "weaviate.v1.NearVector.vector": _LEGACY_VECTORS,
    "weaviate.v1.NearVector.vector_per_target": _LEGACY_VECTORS,
    "weaviate.v1.NearVector.VectorPerTargetEntry.key": _LEGACY_VECTORS,
    "weaviate.v1.NearVector.VectorPerTargetEntry.value": _LEGACY_VECTORS,
    "weaviate.v1.NearVideoSearch.target_vectors": _LEGACY_TARGETS,
    "weaviate.v1.NumberArrayProperties.values": "Numbers one by one; both send them packed, as bytes.",
    "weaviate.v1.VectorForTarget.vector_bytes": _LEGACY_VECTORS,
    "weaviate.v1.Vectors.index": "Deprecated; the server does not read it.",
}
"""The fields of requests that neither half sets, and why; every other field is set by an intent."""
