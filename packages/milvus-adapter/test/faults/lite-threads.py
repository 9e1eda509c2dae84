"""Calls Milvus Lite's service from several threads, as its server does.

    lite-threads.py FOLDER < what the adapter changes in it, or nothing

Prints JSON: how many reads missed a row while the table in memory became a file, and how many collections eight
threads got that asked for the same one.
"""

import json
import sys
import threading
import types

from milvus_lite.adapter.grpc.servicer import MilvusServicer
from milvus_lite.db import MilvusLite
from milvus_lite.engine.collection import Collection
from milvus_lite.schema.types import CollectionSchema, DataType, FieldSchema
from milvus_lite.storage.wal import WAL
from pymilvus.grpc_gen import milvus_pb2

folder, changes = sys.argv[1], sys.stdin.read()
if changes:
    program = {'threading': threading, 'wake': types.SimpleNamespace(send=lambda _: None)}
    exec(changes, program)
    program['make_safe'](MilvusServicer, MilvusLite, Collection, WAL)

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
print(json.dumps({'reads': reads, 'missed': missed, 'collections': len({id(each) for each in found})}))
