"""Python clients against the running server: python clients.py"""

import json
import os
import tempfile
import traceback

import numpy as np
import urllib.request

URL = os.environ["M2V_CLIENTS_URL"]
with open(os.environ["M2V_CLIENTS_EXPECTED"], encoding="utf-8") as file:
    EXPECTED = json.load(file)
TEXTS = EXPECTED["texts"]
ROWS = np.array(EXPECTED["rows"], dtype=np.float32)
TOLERANCE = 1e-7


def openai_client() -> None:
    from openai import OpenAI

    client = OpenAI(base_url=f"{URL}/v1", api_key="unused", max_retries=0)
    reply = client.embeddings.create(model="minilm", input=TEXTS)
    found = np.array([item.embedding for item in reply.data], dtype=np.float32)
    assert np.array_equal(found, ROWS)
    floats = client.embeddings.create(model="minilm", input=TEXTS, encoding_format="float")
    assert np.abs(np.array([item.embedding for item in floats.data]) - ROWS).max() <= TOLERANCE
    assert "minilm" in [model.id for model in client.models.list()]


def pymilvus_tei_function() -> None:
    from pymilvus.model.dense import TEIEmbeddingFunction

    function = TEIEmbeddingFunction(api_url=URL)
    found = np.array(function.encode_documents(TEXTS))
    assert np.abs(found - ROWS).max() <= TOLERANCE
    assert function.dim == ROWS.shape[1]


def milvus_lite_text_embedding() -> None:
    from pymilvus import DataType, Function, FunctionType, MilvusClient

    with tempfile.TemporaryDirectory() as folder:
        client = MilvusClient(os.path.join(folder, "store.db"))
        schema = client.create_schema()
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("text", DataType.VARCHAR, max_length=1000)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=ROWS.shape[1])
        params = {"provider": "openai", "base_url": f"{URL}/v1", "api_key": "unused", "model_name": "minilm"}
        schema.add_function(
            Function(
                name="embed",
                function_type=FunctionType.TEXTEMBEDDING,
                input_field_names=["text"],
                output_field_names=["vector"],
                params=params,
            )
        )
        index = client.prepare_index_params()
        index.add_index("vector", index_type="FLAT", metric_type="COSINE")
        client.create_collection("texts", schema=schema, index_params=index)
        client.insert("texts", [{"id": i, "text": text} for i, text in enumerate(TEXTS)])
        [hits] = client.search("texts", data=[TEXTS[2]], anns_field="vector", limit=1, output_fields=["text"])
        assert hits[0]["entity"]["text"] == TEXTS[2]
        stored = client.query("texts", filter="id >= 0", output_fields=["id", "vector"])
        found = np.array([row["vector"] for row in sorted(stored, key=lambda row: row["id"])])
        assert np.abs(found - ROWS).max() <= TOLERANCE
        client.close()


def prometheus_reads_metrics() -> None:
    from prometheus_client.parser import text_string_to_metric_families

    with urllib.request.urlopen(f"{URL}/metrics") as reply:
        families = {family.name: family for family in text_string_to_metric_families(reply.read().decode())}
    assert sum(sample.value for sample in families["m2v_texts"].samples) > 0
    buckets = [s for s in families["m2v_request_duration_seconds"].samples if s.name.endswith("_bucket")]
    assert {sample.labels["le"] for sample in buckets} >= {"0.001", "+Inf"}


PASSED = FAILED = 0
for work in [openai_client, pymilvus_tei_function, milvus_lite_text_embedding, prometheus_reads_metrics]:
    try:
        work()
        PASSED += 1
        print(f"ok   Python: {work.__name__}")
    except Exception:  # The other checks run whatever this one says.
        FAILED += 1
        print(f"FAIL Python: {work.__name__}: {traceback.format_exc()}")
print(f"{PASSED} passed, {FAILED} failed", flush=True)
os._exit(1 if FAILED > 0 or PASSED == 0 else 0)
