"""The part of milvus-insert.mjs that runs in Python: reads `insert|upsert NAME` lines, answers with seconds."""

import sys
import time

import numpy as np
from pymilvus import MilvusClient

address, row_count, batch, dim = sys.argv[1], *map(int, sys.argv[2:5])
client = MilvusClient(address)
vectors = np.random.default_rng(7).random((row_count, dim), dtype=np.float32) - 0.5
rows = [{"id": i, "text": f"row number {i} of a short text", "vector": vectors[i]} for i in range(row_count)]

for line in sys.stdin:
    method, name = line.split()
    start = time.perf_counter()
    for begin in range(0, row_count, batch):
        getattr(client, method)(name, rows[begin : begin + batch])
    print(time.perf_counter() - start, flush=True)
