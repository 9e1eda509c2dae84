"""Records how numpy converts between float16 and wider floats: src/fixtures/float16.json.

Run with numpy 2.4: python scripts/float16-fixtures.py
"""

import base64
import hashlib
import json
from pathlib import Path

import numpy as np

np.seterr(all="ignore")
random = np.random.default_rng(20251)


def encoded(array: np.ndarray) -> str:
    return base64.b64encode(array.astype(array.dtype.newbyteorder("<")).tobytes()).decode()


every_half = np.arange(65536, dtype=np.uint16).view(np.float16)
widened = every_half.astype(np.float32)
widened[np.isnan(widened)] = np.nan  # JavaScript does not keep what else is in a NaN

# All float32 of any bits, then those that decide: half way between two float16, and one unit to each side.
any_bits = random.integers(0, 2**32, 1500, dtype=np.uint32).view(np.float32)
finite = np.sort(every_half[np.isfinite(every_half) & (every_half >= 0)].astype(np.float64))
chosen = random.integers(0, len(finite) - 1, 400)
chosen[:40] = np.arange(40)
chosen[40:60] = np.arange(1014, 1034)
chosen[60:80] = len(finite) - 2 - np.arange(20)
half_way = (finite[chosen] + finite[chosen + 1]) / 2 * random.choice([-1.0, 1.0], 400)
half_way = np.append(half_way, [65520.0, -65520.0, 65519.99, 0.0, -0.0, np.inf, -np.inf, np.nan, 2.0**-25, 2.0**-26])
half_way32 = half_way.astype(np.float32)
float32 = np.concatenate(
    [any_bits, half_way32, np.nextafter(half_way32, np.float32(np.inf)), np.nextafter(half_way32, np.float32(-np.inf))]
)
# Doubles so close to half way that rounding to float32 first would go wrong.
float64 = np.concatenate([half_way, np.nextafter(half_way, np.inf), np.nextafter(half_way, -np.inf), any_bits[:300] * 1.0000000001])

fixture = {
    "widenedSha256": hashlib.sha256(widened.astype("<f4").tobytes()).hexdigest(),
    "float32": encoded(float32),
    "float32ToFloat16": encoded(float32.astype(np.float16).view(np.uint16)),
    "float64": encoded(float64),
    "float64ToFloat16": encoded(float64.astype(np.float16).view(np.uint16)),
}
path = Path(__file__).parent.parent / "src" / "fixtures" / "float16.json"
path.write_text(json.dumps(fixture, indent=1) + "\n")
