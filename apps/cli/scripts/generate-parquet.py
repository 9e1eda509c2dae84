"""Writes the Parquet files of fixtures/ with pyarrow 21 or newer: python generate-parquet.py"""

import datetime
import decimal
import pathlib

import pyarrow as pa
import pyarrow.parquet as pq

fixtures = pathlib.Path(__file__).parent.parent / "fixtures"

table = pa.table(
    {
        "text": pa.array(["first text", None, "third text", "", "fünfter 文本 🙂", "sixth text"], pa.string()),
        "id": pa.array([1, 2, 3, 4, 9007199254740993, 6], pa.int64()),
        "year": pa.array([1990, 1991, None, 1993, 1994, 1995], pa.int32()),
        "score": pa.array([0.5, 1.5, 2.5, 3.5, 4.5, 5.5], pa.float64()),
        "day": pa.array([datetime.date(2020, 1, n) for n in range(1, 7)], pa.date32()),
        "tags": pa.array([["a", "b"], [], None, ["c"], ["d"], ["e"]], pa.list_(pa.string())),
        "place": pa.array([{"city": "Bonn", "n": n} for n in range(6)]),
        "flag": pa.array([True, False, None, True, False, True]),
        # Bytes without the mark of a text, which old writers of texts leave out; one of them is not UTF-8.
        "raw": pa.array([b"plain", b"plain", b"plain", b"plain", b"plain", b"\xff\xfe"], pa.binary()),
    }
)
pq.write_table(table, fixtures / "rows.parquet", compression="snappy", row_group_size=4)
pq.write_table(table.select(["text", "year"]), fixtures / "rows-zstd.parquet", compression="zstd", version="2.6")

# Values that are easily changed on the way, and columns that cannot be stored.
exact = pa.table(
    {
        "text": pa.array(["first text", "second text"]),
        "price": pa.array([decimal.Decimal("0.3"), decimal.Decimal("-12345678901234567.8")], pa.decimal128(20, 1)),
        "micros": pa.array([1700000000123456, -1], pa.timestamp("us", "UTC")),
        "nanos": pa.array([1700000000123456789, 1700000000123000000], pa.timestamp("ns")),
        "image": pa.array([{"bytes": b"\xff\xd8", "path": "a.jpg"}, {"bytes": b"", "path": "b.jpg"}]),
        "prices": pa.array([[decimal.Decimal("0.1")], []], pa.list_(pa.decimal128(5, 1))),
        "": pa.array([1, 2]),
        "$meta": pa.array([1, 2]),
    }
)
pq.write_table(exact, fixtures / "exact.parquet")
