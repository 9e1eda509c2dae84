"""Prints a Parquet file as JSON as pyarrow reads it: types of the columns, and rows whose floats are their bits in hex."""

import json
import struct
import sys

import pyarrow as pa
import pyarrow.parquet as pq


def plain(value, kind):
    if value is None:
        return None
    if pa.types.is_list(kind):
        return [plain(element, kind.value_type) for element in value]
    if pa.types.is_float32(kind):
        return struct.pack("<f", value).hex()
    if pa.types.is_float64(kind):
        return struct.pack("<d", value).hex()
    if pa.types.is_int64(kind):
        return str(value)
    return value


file = pq.ParquetFile(sys.argv[1])
table = file.read()
columns = {name: [plain(value, table.schema.field(name).type) for value in table[name].to_pylist()] for name in table.column_names}
json.dump(
    {
        "types": {field.name: str(field.type) + ("" if field.nullable else " not null") for field in table.schema},
        "groups": [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)],
        "rows": [dict(zip(columns, values)) for values in zip(*columns.values())],
    },
    sys.stdout,
)
