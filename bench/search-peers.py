"""What search.mjs compares with: numpy, vicinity's basic backend and semhash, on the vectors that it writes.

    search-peers.py VECTORS.f32 QUERIES.f32 DIM THRESHOLD SEMHASH_ROWS

Prints one JSON object. Times are seconds, on the threads that the environment allows. semhash takes minutes, so it
deduplicates only the first SEMHASH_ROWS vectors.
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
vectors = np.fromfile(vectors_path, dtype='<f4').reshape(-1, dim)
queries = np.fromfile(queries_path, dtype='<f4').reshape(-1, dim)
vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
queries /= np.maximum(np.linalg.norm(queries, axis=1, keepdims=True), 1e-12)
K = 10


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


store = Vicinity.from_vectors_and_items(vectors=vectors, items=list(range(len(vectors))), backend_type=Backend.BASIC)
results = {
    'versions': {name: version(name) for name in ('numpy', 'vicinity', 'semhash')},
    'numpy': timed(with_numpy),
    'vicinity': timed(lambda query: store.query(query[None, :], k=K)),
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
