"""Writes small models of every layout and dtype to src/fixtures/models, with Python's safetensors.

Run with safetensors 0.8 and numpy 2.4: python scripts/model-fixtures.py
"""

import json
from pathlib import Path

import numpy as np
import safetensors

FOLDER = Path(__file__).parent.parent / "src" / "fixtures" / "models"
ROWS, DIM = 6, 4
VALUES = (np.arange(ROWS * DIM).reshape(ROWS, DIM) - 9) / 4
NAMES = {"<f2": "float16", "<f4": "float32", "<f8": "float64", "|i1": "int8", "<i4": "int32", "<i8": "int64"}
TOKENIZER = {
    "version": "1.0",
    "added_tokens": [],
    "normalizer": None,
    "pre_tokenizer": {"type": "Whitespace"},
    "post_processor": None,
    "decoder": None,
    "model": {
        "type": "WordLevel",
        "vocab": {token: index for index, token in enumerate(["[UNK]", "a", "b", "c", "d", "e"])},
        "unk_token": "[UNK]",
    },
}


def bfloat16(array: np.ndarray) -> tuple[str, np.ndarray]:
    """The upper halves of float32s: exact for the values here."""
    return "bfloat16", (array.astype("<f4").view("<u4") >> 16).astype("<u2")


def write_safetensors(path: Path, tensors: dict[str, np.ndarray | tuple[str, np.ndarray]]) -> None:
    described = {}
    for name, tensor in tensors.items():
        dtype, array = tensor if isinstance(tensor, tuple) else (NAMES[tensor.dtype.str], tensor)
        described[name] = safetensors.TensorSpec(
            dtype=dtype, shape=array.shape, data_ptr=array.ctypes.data, data_len=array.nbytes
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(safetensors.serialize(described, {"format": "np"}))


def write_model(
    name: str,
    tensors: dict[str, np.ndarray | tuple[str, np.ndarray]],
    *,
    config: str = "config.json",
    inner: str = "",
    settings: dict[str, object] | None = None,
) -> None:
    folder = FOLDER / name
    write_safetensors(folder / inner / "model.safetensors", tensors)
    (folder / inner / "tokenizer.json").write_text(json.dumps(TOKENIZER))
    (folder / config).write_text(json.dumps({"normalize": True} if settings is None else settings))


SENTENCE_TRANSFORMERS = "config_sentence_transformers.json"
f32 = VALUES.astype("<f4")
mapping = np.array([0, 2, 1, 1, 0, 2])
weights = np.array([0.5, 1.0, 1.5, 2.0, 0.25, 3.0])

write_model("float32", {"embeddings": f32}, settings={"normalize": True, "max_length": 8, "hidden_dim": DIM})
write_model("float16", {"embeddings": VALUES.astype("<f2")})
write_model("float64", {"embeddings": VALUES.astype("<f8")}, settings={"max_length": None})
write_model("bfloat16", {"embeddings": bfloat16(VALUES)})
write_model("int8", {"embeddings": (VALUES * 4).astype("|i1")}, settings={})
write_model("old-name", {"0": f32})
write_model("sentence-transformers", {"embedding.weight": f32}, config=SENTENCE_TRANSFORMERS)
write_model("static-embedding", {"embedding.weight": f32}, config=SENTENCE_TRANSFORMERS, inner="0_StaticEmbedding")
write_model(
    "mapped-int64",
    {"embeddings": f32[:3], "mapping": mapping.astype("<i8"), "weights": weights.astype("<f2")},
)
write_model(
    "mapped-int32",
    {"embeddings": f32[:3], "mapping": mapping.astype("<i4"), "weights": weights.astype("<f8")},
)
write_model("weights-bfloat16", {"embeddings": f32, "weights": bfloat16(weights)})
write_model("weights-float32", {"embeddings": f32, "weights": weights.astype("<f4")})
