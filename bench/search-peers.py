"""What search.mjs compares with: numpy, vicinity's basic backend and semhash, on the vectors that it writes.

    search-peers.py VECTORS.f32 QUERIES.f32 DIM THRESHOLD SEMHASH_ROWS

Prints one JSON object. Times are seconds, on the threads that the environment allows. semhash takes minutes, so it
deduplicates only the first SEMHASH_ROWS vectors. duplicates is what brute force finds.
"""

import json
import sys
import time
from importlib.metadata import version

import numpy as np
from semhash import SemHash
from vicinity import Backend, Vicinity

vectors_path, queries_path = sys.argv[1:3]
dim, threshold, semhash_rows = int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
given = np.fromfile(vectors_path, dtype='<f4').reshape(-1, dim)
queries = np.fromfile(queries_path, dtype='<f4').reshape(-1, dim)
vectors = given / np.maximum(np.linalg.norm(given, axis=1, keepdims=True), 1e-12)
queries /= np.maximum(np.linalg.norm(queries, axis=1, keepdims=True), 1e-12)
K = 10
# More than a float32 product of normalized vectors is off by.
ROUNDING = 1e-5
BLOCK = 256


def timed(search):
    for query in queries[:20]:
        search(query)
    times = []
    for query in queries:
        begun = time.perf_counter()
        search(query)
        times.append(time.perf_counter() - begun)
    return sorted(times)[len(times) // 2]


def with_numpy(query):
    scores = vectors @ query
    best = np.argpartition(-scores, K)[:K]
    return best[np.argsort(-scores[best])]


def is_duplicate(row, others):
    """Whether the cosine of a row with one of others reaches the threshold, in float64."""
    a, b = given[row].astype(np.float64), given[others].astype(np.float64)
    lengths = np.linalg.norm(a) * np.linalg.norm(b, axis=1)
    return bool((b @ a >= threshold * lengths)[lengths > 0].any())


def exact_duplicates():
    """Rows with a duplicate among the kept rows before them, by comparing all pairs."""
    duplicates = []
    kept = np.empty(len(vectors), dtype=np.int64)
    kept_vectors = np.empty_like(vectors)
    count = 0
    for first in range(0, len(vectors), BLOCK):
        block = vectors[first : first + BLOCK]
        before = count
        near = block @ kept_vectors[:before].T >= threshold - ROUNDING
        near_in_block = block @ block.T >= threshold - ROUNDING
        for i in range(len(block)):
            others = [*kept[:before][near[i]], *(row for row in kept[before:count] if near_in_block[i, row - first])]
            if others and is_duplicate(first + i, others):
                duplicates.append(first + i)
                continue
            kept[count] = first + i
            kept_vectors[count] = block[i]
            count += 1
    return duplicates


store = Vicinity.from_vectors_and_items(vectors=vectors, items=list(range(len(vectors))), backend_type=Backend.BASIC)
results = {
    'versions': {name: version(name) for name in ('numpy', 'vicinity', 'semhash')},
    'numpy': timed(with_numpy),
    'vicinity': timed(lambda query: store.query(query[None, :], k=K)),
    'duplicates': exact_duplicates(),
    'best': [with_numpy(query).tolist() for query in queries[:50]],
}


class Identity:
    """Embeds nothing, since the embeddings are given."""

    def encode(self, inputs, **_):
        raise NotImplementedError


if semhash_rows > 0:
    records = [str(i) for i in range(semhash_rows)]
    begun = time.perf_counter()
    hashed = SemHash.from_embeddings(embeddings=vectors[:semhash_rows], records=records, model=Identity())
    kept = hashed.self_deduplicate(threshold=threshold)
    results['semhash'] = time.perf_counter() - begun
    results['semhashKept'] = len(kept.selected)
print(json.dumps(results))
