"""Writes ../src/fixtures/pooling.json: what Python's StaticModel gives for tables made by a formula.

Run with model2vec==0.10.0 installed: python scripts/pooling-fixtures.py
The tables are not stored: fixtures/table.ts makes the same ones. Of results whose bits must agree only a checksum is
stored, of float16 ones (which Python rounds to float16) the values.
"""

import base64
import json
import zlib
from importlib.metadata import version
from pathlib import Path

import numpy as np
from model2vec import StaticModel
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit

DIMS = [1, 2, 3, 7, 8, 9, 15, 16, 17, 64, 100, 127, 128, 129, 256, 300, 384, 1000]
COUNTS = [8, 0, 1, 100, 2, 9, 3, 300]
VOCABULARY = 50
ROWS_WHERE_MAPPED = 20
FORMS = ["plain", "mapping", "weights32", "weights64", "mapping+weights32"]


def noise(seed: int, count: int) -> np.ndarray:
    """`count` pseudo-random 32-bit integers; the same function is in fixtures/table.ts."""
    x = np.arange(count, dtype=np.uint32) + np.uint32((seed * 0x9E3779B9) & 0xFFFFFFFF)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x7FEB352D)
    x ^= x >> np.uint32(15)
    x *= np.uint32(0x846CA68B)
    x ^= x >> np.uint32(16)
    return x


def reals(seed: int, count: int) -> np.ndarray:
    return (noise(seed, count).astype(np.float64) - 2.0**31) / 2.0**28


def table(dtype: str, seed: int, count: int) -> np.ndarray:
    if dtype == "int8":
        return (noise(seed, count) >> np.uint32(24)).astype(np.uint8).view(np.int8)
    if dtype == "float16":
        # Every sign and fraction, exponents from the subnormal ones up to 2^4.
        x = noise(seed, count)
        bits = (x & np.uint32(0x83FF)) | (((x >> np.uint32(16)) % np.uint32(20)) << np.uint32(10))
        return bits.astype(np.uint16).view(np.float16)
    return reals(seed, count).astype(dtype)


def expected(dtype: str, form: str, dim: int, normalize: bool) -> np.ndarray:
    rows = ROWS_WHERE_MAPPED if "mapping" in form else VOCABULARY
    vectors = table(dtype, dim, rows * dim).reshape(rows, dim)
    mapping = (noise(1, VOCABULARY) % np.uint32(rows)).astype(np.int32) if "mapping" in form else None
    weights = reals(2, VOCABULARY).astype("float64" if form.endswith("64") else "float32") if "weights" in form else None
    tokenizer = Tokenizer(WordLevel({str(i): i for i in range(VOCABULARY)}, unk_token="0"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    model = StaticModel(vectors, tokenizer, normalize=normalize, weights=weights, token_mapping=mapping, max_length=None)
    # Token 0 is the unknown one, which encode drops, so the texts use the others.
    texts = [" ".join(str(1 + int(x) % (VOCABULARY - 1)) for x in noise(1000 + n, n)) for n in COUNTS]
    return model.encode(texts)


def record(dtype: str, form: str, dim: int, normalize: bool) -> dict:
    result = expected(dtype, form, dim, normalize)
    case = {"dtype": dtype, "form": form, "dim": dim, "normalize": normalize}
    if dtype == "float16":
        return {**case, "values": base64.b64encode(result.tobytes()).decode()}
    return {**case, "crc32": zlib.crc32(result.astype(np.float32).tobytes())}


def main() -> None:
    cases = [
        record(dtype, form, dim, normalize)
        for dtype in ["float32", "float64", "int8", "float16"]
        for form in FORMS
        for dim in DIMS
        for normalize in [False, True]
        if dtype != "float16" or dim in (1, 3, 17, 100)
    ]
    fixture = {"model2vec": version("model2vec"), "numpy": version("numpy"), "counts": COUNTS, "cases": cases}
    target = Path(__file__).parent.parent / "src" / "fixtures" / "pooling.json"
    target.write_text(json.dumps(fixture, separators=(",", ":")).replace('{"dtype"', '\n{"dtype"') + "\n")


if __name__ == "__main__":
    main()
