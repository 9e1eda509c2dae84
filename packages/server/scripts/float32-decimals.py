"""Records numpy's shortest decimals of float32 for the tests: python float32-decimals.py

Needs numpy 2.
"""

import json
import random
from pathlib import Path

import numpy as np

FIXTURES = Path(__file__).parent.parent / "src" / "float32-json" / "fixtures"


def decimals() -> list[list]:
    """Bits of float32 values and numpy's shortest decimal that reads back as the same value."""
    generator = random.Random(7)
    bits = [0, 0x80000000, 1, 0x80000001, 0x007FFFFF, 0x00800000, 0x7F7FFFFF, 0xFF7FFFFF, 0x3F800000]
    bits += [(e << 23) for e in range(1, 255)]
    bits += [(e << 23) - 1 for e in range(2, 255)]
    bits += [generator.getrandbits(32) for _ in range(1500)]
    bits += [int(np.float32(generator.gauss(0, 0.1)).view(np.uint32)) for _ in range(3000)]
    bits += [int(np.float32(10.0**k).view(np.uint32)) for k in range(-12, 12)]
    bits += [int(np.float32(generator.randrange(100000) / 10**k).view(np.uint32)) for k in range(10) for _ in range(50)]
    values = [np.uint32(b).view(np.float32) for b in bits]
    return [[b, np.format_float_scientific(v, unique=True)] for b, v in zip(bits, values) if np.isfinite(v)]


if __name__ == "__main__":
    PAIRS = ",\n".join(json.dumps(pair) for pair in decimals())
    (FIXTURES / "float32-decimals.json").write_text(f"[\n{PAIRS}\n]\n")
