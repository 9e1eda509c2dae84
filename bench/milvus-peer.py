"""What milvus.mjs compares with, Python's model2vec and pymilvus: reads one JSON command a line, answers with one.

    milvus-peer.py URI ROWS BATCH DIM [MODEL CORPUS]

It times itself, so that the time to send its commands is not measured.
"""

import json
import sys
import time
from importlib.metadata import version

import numpy as np
from pymilvus import MilvusClient

uri, row_count, batch, dim = sys.argv[1], *map(int, sys.argv[2:5])
client = MilvusClient(uri)
model, texts = None, []
if len(sys.argv) > 5:
    from model2vec import StaticModel

    model = StaticModel.from_pretrained(sys.argv[5])
    with open(sys.argv[6], encoding="utf-8", newline="\n") as lines:
        texts = lines.read().rstrip("\n").split("\n")

# The same numbers as in milvus.mjs: a linear congruential generator.
state = np.empty(row_count * dim, dtype=np.uint32)
value = 7
for i in range(row_count * dim):
    value = (value * 1664525 + 1013904223) & 0xFFFFFFFF
    state[i] = value
vectors = (state / 2**32 - 0.5).astype(np.float32).reshape(row_count, dim)
rows = [{"id": i, "text": f"row number {i} of a short text", "vector": vectors[i]} for i in range(row_count)]


def store(method, collection):
    start = time.perf_counter()
    for begin in range(0, row_count, batch):
        getattr(client, method)(collection, rows[begin : begin + batch])
    return {"seconds": time.perf_counter() - start}


def ingest(collection):
    start = time.perf_counter()
    for begin in range(0, len(texts), batch):
        part = texts[begin : begin + batch]
        embedded = model.encode(part)
        client.insert(
            collection,
            [{"id": begin + i, "text": text, "vector": embedded[i]} for i, text in enumerate(part)],
        )
    return {"seconds": time.perf_counter() - start}


def embed():
    start = time.perf_counter()
    for begin in range(0, len(texts), batch):
        model.encode(texts[begin : begin + batch])
    return {"seconds": time.perf_counter() - start}


def search(collection, text):
    start = time.perf_counter()
    found = client.search(
        collection, data=model.encode([text]), limit=10, output_fields=["text"], consistency_level="Session"
    )
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "hits": [[hit["id"], hit["distance"]] for hit in found[0]]}


def versions():
    names = ["pymilvus", "numpy"] + ([] if model is None else ["model2vec", "tokenizers"])
    return {"versions": [f"{name} {version(name)}" for name in names] + [f"Python {sys.version.split()[0]}"]}


COMMANDS = {"store": store, "ingest": ingest, "embed": embed, "search": search, "versions": versions}
for line in sys.stdin:
    command, *arguments = json.loads(line)
    print(json.dumps(COMMANDS[command](*arguments)), flush=True)
