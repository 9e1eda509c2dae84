"""Random small models, written by Model2Vec itself in each layout, and the vectors that it gives for random texts."""

import base64
import json
import shutil
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from model2vec import StaticModel
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

import tokenizer_cases as cases


def _table(rng: Random, numbers: np.random.Generator, rows: int, dim: int, dtype: str) -> np.ndarray:
    if dtype == "int8":
        return numbers.integers(-127, 128, (rows, dim), dtype=np.int8)
    scale = rng.choice([1.0, 1.0, 0.05, 10.0])
    table = numbers.standard_normal((rows, dim)) * scale
    table[numbers.random(rows) < 0.05] = 0
    return table.astype(dtype)


def _encoded(array: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(array, dtype="<f4").tobytes()).decode()


def _lay_out(rng: Random, folder: Path) -> dict[str, Any]:
    """Moves a saved model into another of the layouts; returns the loader's extra arguments."""
    draw = rng.random()
    if draw < 0.4:
        return {}
    if draw < 0.55:
        inner = folder / "sub" / "folder"
        inner.mkdir(parents=True)
        for file in list(folder.iterdir()):
            if file.is_file():
                file.rename(inner / file.name)
        return {"subfolder": "sub/folder"}
    tensors = load_file(folder / "model.safetensors")
    tensors["embedding.weight"] = tensors.pop("embeddings")
    (folder / "config.json").rename(folder / "config_sentence_transformers.json")
    inner = folder
    if draw > 0.8:
        inner = folder / "0_StaticEmbedding"
        inner.mkdir()
        (folder / "tokenizer.json").rename(inner / "tokenizer.json")
    (folder / "model.safetensors").unlink()
    save_file(tensors, inner / "model.safetensors")
    return {}


def model_case(rng: Random, folder: Path, count: int) -> dict[str, Any] | None:
    """Writes a model to `folder` and returns the calls to repeat with their vectors; None where no model fits the tokenizer."""
    data = rng.choice(cases.RECIPES)(rng) if rng.random() < 0.7 else cases.adversarial(rng, [])
    try:
        tokenizer = Tokenizer.from_str(json.dumps(data))
    except Exception:
        return None
    vocab = tokenizer.get_vocab()
    if not vocab or max(vocab.values()) != len(vocab) - 1:
        return None
    numbers = np.random.default_rng(rng.randrange(1 << 32))
    size = len(vocab)
    dim = rng.choice([1, 2, 3, 8, 24, 33])
    dtype = rng.choice(["float32", "float32", "float16", "float64", "int8"])
    mapping = weights = None
    rows = size
    if rng.random() < 0.45:
        rows = rng.randint(1, size)
        mapping = numbers.integers(0, rows, size).astype(rng.choice([np.int32, np.int64]))
        if rng.random() < 0.8:
            weights = numbers.uniform(0.01, 2, size).astype(rng.choice(["float16", "float32", "float64"]))
    elif rng.random() < 0.15:
        weights = numbers.uniform(0.01, 2, size).astype("float32")
    table = _table(rng, numbers, rows, dim, dtype)
    if folder.exists():
        shutil.rmtree(folder)
    model = StaticModel(
        table, tokenizer, normalize=rng.random() < 0.5, weights=weights, token_mapping=mapping,
        max_length=rng.choice([512, 512, None, 1, 5, 64]),
    )
    model.save_pretrained(folder)
    config_file = folder / "config.json"
    config = json.loads(config_file.read_text())
    if rng.random() < 0.25:
        config.pop("normalize", None)
    if rng.random() < 0.25:
        config.pop("max_length", None)
    config_file.write_text(json.dumps(config))
    options = _lay_out(rng, folder)
    if rng.random() < 0.25:
        options["normalize"] = rng.random() < 0.5
    if rng.random() < 0.2:
        options["max_length"] = rng.choice([None, 1, 3, 20])
    if rng.random() < 0.3:
        options["dimensionality"] = rng.randint(1, dim)
    if rng.random() < 0.35:
        options["quantize_to"] = rng.choice(["float16", "float32", "float64", "int8"])
    reference = StaticModel.from_pretrained(folder, **options)

    held = reference.embedding.dtype
    # Where NumPy itself computes or returns float16, its rounding is no part of the result that is promised.
    coarse = held == np.float16 or (held == np.int8 and weights is not None and weights.dtype == np.float16)
    most = max(1.0, float(np.abs(reference.embedding.astype(np.float64)).max()) * (1.0 if weights is None else float(weights.max())))

    texts = cases.texts_for(rng, data, count)
    calls = []
    for _ in range(3):
        arguments: dict[str, Any] = {}
        if rng.random() < 0.4:
            arguments["max_length"] = rng.choice([None, 1, 2, 7, 100])
        method = rng.choice(["encode", "encode", "encode_as_sequence"])
        if method == "encode" and rng.random() < 0.3:
            arguments["normalize"] = rng.random() < 0.5
        try:
            with np.errstate(all="ignore"):
                result = getattr(reference, method)(texts, **arguments)
        except BaseException as error:
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise
            calls.append({"method": method, "arguments": arguments, "error": str(error)[:200]})
            continue
        flat = result if method == "encode" else np.concatenate(result)
        slack = None
        if coarse:
            # Rounding is relative to what is summed, and normalising divides it by the norm as it does the rest.
            slack = [most] * len(flat)
            if method == "encode" and arguments.get("normalize", reference.normalize):
                plain = reference.encode(texts, **{**arguments, "normalize": False}).astype(np.float64)
                slack = [max(1.0, most / norm) if norm > 0 else 1.0 for norm in np.linalg.norm(plain, axis=1)]
        calls.append({
            "method": method, "arguments": arguments, "vectors": _encoded(flat),
            "slack": slack, "rows": None if method == "encode" else [len(row) for row in result],
        })
    return {
        "kind": "vectors", "folder": str(folder), "options": options, "dim": reference.dim, "texts": texts, "calls": calls,
        "tolerance": 1e-3 if coarse else 1e-6,
        "signature": f"{table.dtype}→{held} rows {rows}/{size} mapping {None if mapping is None else mapping.dtype} weights {None if weights is None else weights.dtype} {cases.signature(data)}",
    }
