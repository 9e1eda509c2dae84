"""Embeds texts with Python model2vec: reads JSON from standard input, writes JSON to standard output.

in   {"folders": [path, …], "texts": [text, …]}
out  [{"vectors": base64 of float32, "dtype": of the table, "subset": whether rows are shared}, …] or {"error": message}
"""

import base64
import json
import sys

import numpy as np
from model2vec import StaticModel

request = json.load(sys.stdin)
answers = []
for folder in request["folders"]:
    try:
        model = StaticModel.from_pretrained(folder)
        vectors = np.ascontiguousarray(model.encode(request["texts"]), dtype="<f4")
        answers.append(
            {
                "vectors": base64.b64encode(vectors.tobytes()).decode(),
                "dtype": model.embedding_dtype,
                "shared": model.token_mapping is not None,
            }
        )
    except Exception as error:  # any failure is the answer
        answers.append({"error": f"{type(error).__name__}: {error}"})
json.dump(answers, sys.stdout)
