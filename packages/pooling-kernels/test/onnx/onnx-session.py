"""Embeds texts with an exported model the way a Python user of ONNX would: its tokenizer, its graph, nothing else.

Takes the folder of the export; reads texts as a JSON list from standard input; prints rows of float32 in base64.
"""

import base64
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

folder = Path(sys.argv[1])
texts = json.load(sys.stdin)
tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
config = json.loads((folder / "config.json").read_text())
limit = json.loads((folder / "tokenizer_config.json").read_text())["model_max_length"]
tokenizer.enable_truncation(limit)
tokenizer.enable_padding(pad_id=config["pad_token_id"])
encodings = tokenizer.encode_batch(texts)
session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
(embeddings,) = session.run(
    ["embeddings"],
    {
        "input_ids": np.array([encoding.ids for encoding in encodings], dtype=np.int64),
        "attention_mask": np.array([encoding.attention_mask for encoding in encodings], dtype=np.int64),
    },
)
assert embeddings.dtype == np.float32
print(base64.b64encode(embeddings.tobytes()).decode())
