"""Calls Milvus Lite's service from several threads, as its server does.

    lite-threads.py FOLDER < write_safety.py, or < /dev/null for Milvus Lite as it is

Prints JSON: how many reads missed a row while the table in memory became a file, how many collections eight threads got
that asked for the same one, and how many rows, acknowledged to threads that write at once, a crash would lose.
"""

import json
import shutil
import sys
import threading
import types

from milvus_lite.adapter.grpc.servicer import MilvusServicer
from milvus_lite.db import MilvusLite
from milvus_lite.engine.collection import Collection
from milvus_lite.schema.types import CollectionSchema, DataType, FieldSchema
from milvus_lite.storage.wal import WAL
from pymilvus.grpc_gen import milvus_pb2, schema_pb2

folder, changes = sys.argv[1], sys.stdin.read()
if changes:
    program = {}
    exec(changes, program)
    program['WriteSafety'](lambda: None).install(MilvusServicer, MilvusLite, Collection, WAL)

ROWS = 5000
ROUNDS = 4
# As it is, Milvus Lite misses rows when a read meets a file that is written, which on a busy machine takes more rounds.
MOST_ROUNDS = ROUNDS if changes else 20
context = types.SimpleNamespace(invocation_metadata=lambda: ())
database = MilvusLite(folder)
fields = [
    FieldSchema(name='id', dtype=DataType.INT64, is_primary=True),
    FieldSchema(name='v', dtype=DataType.FLOAT_VECTOR, dim=32),
]
collection = database.create_collection('c', CollectionSchema(fields=fields))
service = MilvusServicer(database)
newest, reads, missed, done = -1, 0, 0, False


def read() -> None:
    global reads, missed
    while not done:
        key = newest
        if key < 0:
            continue
        request = milvus_pb2.QueryRequest(collection_name='c', expr=f'id in [{key}]', output_fields=['id'])
        reply = service.Query(request, context)
        assert reply.status.code == 0, reply.status
        reads += 1
        missed += len(reply.fields_data[0].scalars.long_data.data) == 0 if reply.fields_data else 1


reader = threading.Thread(target=read)
reader.start()
for turn in range(MOST_ROUNDS):
    if turn >= ROUNDS and missed > 0:
        break
    first = turn * ROWS
    collection.insert([{'id': first + i, 'v': [float(i)] * 32} for i in range(ROWS)])
    newest = first + ROWS - 1
    service.Flush(milvus_pb2.FlushRequest(collection_names=['c']), context)
done = True
reader.join()
database.close()

database = MilvusLite(folder)
found = []
openers = [threading.Thread(target=lambda: found.append(database.get_collection('c'))) for _ in range(8)]
for opener in openers:
    opener.start()
for opener in openers:
    opener.join()
database.close()

WRITERS = 4
INSERTS = 150
database = MilvusLite(folder + '-written')
database.create_collection('c', CollectionSchema(fields=fields))
service = MilvusServicer(database)
acknowledged = []


def insertion(key: int) -> milvus_pb2.InsertRequest:
    keys = schema_pb2.FieldData(type=schema_pb2.DataType.Int64, field_name='id')
    keys.scalars.long_data.data.append(key)
    vectors = schema_pb2.FieldData(type=schema_pb2.DataType.FloatVector, field_name='v')
    vectors.vectors.dim = 32
    vectors.vectors.float_vector.data.extend([float(key)] * 32)
    return milvus_pb2.InsertRequest(collection_name='c', fields_data=[keys, vectors], num_rows=1)


def write(requests: list) -> None:
    for key, request in requests:
        if service.Insert(request, context).status.code == 0:
            acknowledged.append(key)


writers = [
    threading.Thread(target=write, args=([(key, insertion(key)) for key in range(first, WRITERS * INSERTS, WRITERS)],))
    for first in range(WRITERS)
]
# Python lets a thread run for 5 ms, in which a write is done; a busy server's threads meet sooner or later.
sys.setswitchinterval(1e-6)
for writer in writers:
    writer.start()
for writer in writers:
    writer.join()
sys.setswitchinterval(0.005)
# What lies on the disk now is what a crash would leave.
shutil.copytree(folder + '-written', folder + '-crashed', ignore=lambda _, names: [n for n in names if n == 'LOCK'])
crashed = MilvusLite(folder + '-crashed').get_collection('c')
crashed.load()
kept = {row['id'] for row in crashed.query('id >= 0', output_fields=['id'])}

print(
    json.dumps(
        {
            'reads': reads,
            'missed': missed,
            'collections': len({id(each) for each in found}),
            'acknowledged': len(acknowledged),
            'lost': len(set(acknowledged) - kept),
        }
    )
)
