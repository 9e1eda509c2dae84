"""Records which files Python's safetensors accepts: src/fixtures/safetensors-cases.json.

Run with safetensors 0.8: python scripts/safetensors-cases.py
"""

import base64
import json
import struct
import tempfile
from pathlib import Path

import safetensors

DTYPE_BITS = {
    "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F8_E5M2FNUZ": 8,
    "F8_E4M3FNUZ": 8, "BOOL": 8, "U8": 8, "I8": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32,
    "U32": 32, "F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64, "C128": 128, "U4": 4, "f32": 32, "": 8,
}  # fmt: skip


def file(header: str | bytes, data: int = 0, length: int | None = None) -> bytes:
    header = header.encode() if isinstance(header, str) else header
    return struct.pack("<Q", len(header) if length is None else length) + header + bytes(data)


def tensor(name: str = "a", dtype: str = "F32", shape: str = "[1]", offsets: str = "[0,4]", more: str = "") -> str:
    return f'"{name}":{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}{more}}}'


def one(**parts: str) -> str:
    return "{" + tensor(**parts) + "}"


def nested(depth: int) -> str:
    return one(more=',"x":' + "[" * depth + "]" * depth)


CASES: dict[str, bytes] = {
    "one tensor": file(one(), 4),
    "no tensor": file("{}"),
    "no bytes": b"",
    "seven bytes": bytes(7),
    "a length of nothing": bytes(8),
    "a header length beyond the file": file(one(), 4, 1000),
    "a header length beyond the limit": file(one(), 4, 100_000_001),
    "a header length of 2**63": file(one(), 4, 2**63),
    "a header length of 2**64 - 1": file(one(), 4, 2**64 - 1),
    "white space after the header": file(one() + " \n\r\t", 4),
    "white space before the header": file(" " + one(), 4),
    "a byte order mark": file(b"\xef\xbb\xbf" + one().encode(), 4),
    "a zero byte after the header": file(one() + "\0", 4),
    "an array as header": file("[]"),
    "a string as header": file('"a"'),
    "no closing brace": file(one()[:-1], 4),
    "a trailing comma": file(one()[:-1] + ",}", 4),
    "single quotes": file(one().replace('"', "'"), 4),
    "a name that is no UTF-8": file(one().encode().replace(b'"a"', b'"\xff"'), 4),
    "a name with a control character": file(one(name="a\x01"), 4),
    "a name with escapes": file(one(name="\\u0061\\n\\\\\\/\\\""), 4),
    "a name with a wrong escape": file(one(name="\\x"), 4),
    "a name with half a surrogate pair": file(one(name="\\ud800"), 4),
    "an empty name": file(one(name=""), 4),
    "a name called __proto__": file(one(name="__proto__"), 4),
    "a name called constructor": file(one(name="constructor"), 4),
    "bytes after the data": file(one(), 5),
    "data that is cut off": file(one(), 3),
    "a tensor name twice": file("{" + tensor() + "," + tensor() + "}", 4),
    "a dtype twice": file('{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
    "__metadata__ twice": file('{"__metadata__":{},"__metadata__":{}}'),
    "__metadata__ of strings": file('{"__metadata__":{"format":"pt","x":""}}'),
    "__metadata__ with a number": file('{"__metadata__":{"a":1}}'),
    "__metadata__ with an object": file('{"__metadata__":{"a":{}}}'),
    "__metadata__ as an array": file('{"__metadata__":[]}'),
    "__metadata__ as null": file('{"__metadata__":null}'),
    "an unknown field": file(one(more=',"x":[{"y":1.5e3},null,true,false]'), 4),
    "a wrong word in an unknown field": file(one(more=',"x":nul'), 4),
    "a wrong number in an unknown field": file(one(more=',"x":01'), 4),
    "nesting of 100": file(nested(100), 4),
    "nesting of 130": file(nested(130), 4),
    "a tensor as an array": file('{"a":["F32",[1],[0,4]]}', 4),
    "a tensor as null": file('{"a":null}'),
    "no dtype": file('{"a":{"shape":[1],"data_offsets":[0,4]}}', 4),
    "no shape": file('{"a":{"dtype":"F32","data_offsets":[0,4]}}', 4),
    "no offsets": file('{"a":{"dtype":"F32","shape":[1]}}', 4),
    "a number as dtype": file('{"a":{"dtype":1,"shape":[1],"data_offsets":[0,4]}}', 4),
    "a hole at the start": file(one(offsets="[4,8]"), 8),
    "a hole between tensors": file("{" + tensor() + "," + tensor("b", offsets="[8,12]") + "}", 12),
    "overlapping tensors": file("{" + tensor() + "," + tensor("b", offsets="[2,6]") + "}", 6),
    "equal tensors": file("{" + tensor() + "," + tensor("b") + "}", 4),
    "tensors in another order than their data": file("{" + tensor(offsets="[4,8]") + "," + tensor("b") + "}", 8),
    "an empty tensor between two": file(
        "{" + tensor() + "," + tensor("b", offsets="[4,8]") + "," + tensor("c", shape="[0]", offsets="[4,4]") + "}", 8
    ),
    "offsets that are too long for the shape": file(one(offsets="[0,8]"), 8),
    "offsets that are too short for the shape": file(one(shape="[2]"), 4),
    "an end before its start": file(one(shape="[0]", offsets="[4,0]"), 4),
    "one offset": file(one(offsets="[4]"), 4),
    "three offsets": file(one(offsets="[0,4,4]"), 4),
    "offsets as strings": file(one(offsets='["0","4"]'), 4),
    "an offset of -0": file(one(offsets="[-0,4]"), 4),
    "an offset of -4": file(one(offsets="[-4,0]"), 4),
    "an offset of 4.0": file(one(offsets="[0,4.0]"), 4),
    "an offset of 4e0": file(one(offsets="[0,4e0]"), 4),
    "an offset of 04": file(one(offsets="[0,04]"), 4),
    "an offset of 2**64": file(one(offsets="[0,18446744073709551616]"), 4),
    "offsets that wrap around": file(one(offsets="[18446744073709551612,0]"), 4),
    "a scalar": file(one(shape="[]"), 4),
    "a shape with a zero": file(one(shape="[0,5]", offsets="[0,0]")),
    "a shape of -1": file(one(shape="[-1]"), 4),
    "a shape of 1.0": file(one(shape="[1.0]"), 4),
    "a shape of null": file(one(shape="[null]"), 4),
    "a shape as a number": file(one(shape="1"), 4),
    "a shape whose product wraps to 1": file(one(shape="[4294967296,4294967296,1]"), 4),
    "a shape whose size in bytes wraps to 0": file(one(shape="[4611686018427387904]", offsets="[0,0]")),
    "a shape that overflows before a zero": file(one(shape="[9223372036854775807,4,0]", offsets="[0,0]")),
    "a shape with a zero before what would overflow": file(one(shape="[0,9223372036854775807,4]", offsets="[0,0]")),
    "64 dimensions": file(one(shape="[" + ",".join("1" * 64) + "]"), 4),
    "100 dimensions": file(one(shape="[" + ",".join("1" * 100) + "]"), 4),
    "half a byte": file(one(dtype="F4", shape="[3]", offsets="[0,2]"), 2),
}
for name, bits in DTYPE_BITS.items():
    CASES[f"dtype {name or 'without a name'}"] = file(one(dtype=name, shape="[8]", offsets=f"[0,{bits}]"), bits)


def accepted(data: bytes, path: Path) -> list[str] | None:
    path.write_bytes(data)
    try:
        with safetensors.safe_open(path, framework="numpy") as opened:
            return sorted(opened.keys())
    except safetensors.SafetensorError:
        return None


with tempfile.TemporaryDirectory() as folder:
    records = [
        {"name": name, "bytes": base64.b64encode(data).decode(), "tensors": accepted(data, Path(folder) / "case.safetensors")}
        for name, data in CASES.items()
    ]
path = Path(__file__).parent.parent / "src" / "fixtures" / "safetensors-cases.json"
path.write_text(json.dumps(records, indent=0, ensure_ascii=True) + "\n")
