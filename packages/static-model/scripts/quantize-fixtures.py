"""Records what model2vec's quantize_embeddings does with tables of every dtype: src/fixtures/quantize.json.

Run with model2vec 0.10.0 and numpy 2.4: python scripts/quantize-fixtures.py
"""

import base64
import json
from pathlib import Path

import numpy as np
from model2vec.quantization import DType, quantize_embeddings

np.seterr(all="ignore")
random = np.random.default_rng(20252)


def encoded(array: np.ndarray) -> str:
    array = np.ascontiguousarray(array)
    return base64.b64encode(array.astype(array.dtype.newbyteorder("<")).tobytes()).decode()


def tables() -> dict[str, np.ndarray]:
    normal = random.normal(size=(10, 9))
    grid = np.arange(-127, 128).reshape(1, 255) * 0.5  # quotients at and around half way
    made = {
        "normal": normal,
        "small": normal * 3e-4,
        "float16 subnormals": normal * 1e-7,
        "scale below float16": normal * 1e-6,
        "vanishing": normal * 1e-30,
        "large": normal * 1e4,
        "beyond float16": normal * 1e6,
        "heavy tails": normal**9,
        "one outlier": np.concatenate([normal, np.full((1, 9), 900.0)]),
        "half way": grid,
        "half way, odd scale": grid * 1.1,
        "zeros": np.zeros((3, 5)),
        "negative zeros": -np.zeros((3, 5)),
        "one element": np.array([[-0.37]]),
        "whole numbers": np.arange(-128, 127, dtype=np.float64).reshape(5, 51),
    }
    for index in range(6):
        scale = 10.0 ** random.uniform(-3, 3)
        made[f"random {index}"] = random.normal(size=(12, 7)) * scale
    return made


def as_int8(quotient: np.ndarray) -> np.ndarray:
    return np.nan_to_num(np.clip(np.rint(quotient.astype(np.float16)), -127, 127)).astype(np.int8)


def decided_by_rounding(wanted: int) -> np.ndarray:
    """Pairs (maximum, element) whose int8 depends on rounding the scale, or the quotient, to float32."""
    halves = np.arange(0x0400, 0x7C00, dtype=np.uint16).view(np.float16)
    found: dict[str, list[list[float]]] = {"scale": [], "quotient": []}
    for _ in range(20_000):
        if min(len(pairs) for pairs in found.values()) >= wanted:
            break
        maximum = np.float32(10.0 ** random.uniform(-2, 4))
        scale = maximum / 127.0
        elements = halves[(halves <= maximum) & (halves > maximum / 250)]
        wide = elements.astype(np.float64)
        rounded = as_int8(elements.astype(np.float32) / scale)
        changes = {
            "scale": rounded != as_int8((wide / (np.float64(maximum) / 127.0)).astype(np.float32)),
            "quotient": rounded != as_int8(wide / np.float64(scale)),
        }
        for what, changed in changes.items():
            found[what] += [[float(maximum), float(element)] for element in elements[changed][:3]]
    return np.array([pair for pairs in found.values() for pair in pairs[:wanted]], dtype=np.float32)


cases = []


def record(name: str, source: np.ndarray) -> None:
    cases.append(
        {
            "name": name,
            "dtype": source.dtype.name,
            "rows": source.shape[0],
            "dim": source.shape[1],
            "data": encoded(source),
            "quantized": {to.value: encoded(quantize_embeddings(source, to)) for to in DType},
        }
    )


for index, pair in enumerate(decided_by_rounding(6)):
    record(f"decided by rounding {index}", pair.reshape(1, 2))

for name, table in tables().items():
    for dtype in ("float16", "float32", "float64", "int8"):
        source = (np.clip(np.rint(table), -128, 127) if dtype == "int8" else table).astype(dtype)
        if not np.isfinite(source.astype(np.float64)).all():
            continue  # such a table is refused before
        record(f"{name} as {dtype}", source)

path = Path(__file__).parent.parent / "src" / "fixtures" / "quantize.json"
path.write_text(json.dumps(cases, indent=0) + "\n")
