"""The peer of server.mjs: Python's model2vec behind FastAPI and uvicorn, as servers of static models are built in Python.

    server-peer.py MODEL

Serves /v1/embeddings and /embed on a free port of loopback and prints the port. Bodies are read and written by orjson
without validation, which is FastAPI's fastest way. /usage returns the processor time of this process.
"""

import base64
import resource
import socket
import sys

import orjson
import uvicorn
from fastapi import FastAPI, Request, Response
from model2vec import StaticModel

model = StaticModel.from_pretrained(sys.argv[1])
app = FastAPI()


def json(value):
    return Response(orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY), media_type='application/json')


@app.post('/v1/embeddings')
async def openai(request: Request):
    body = orjson.loads(await request.body())
    texts = body['input']
    rows = model.encode(texts)
    if body.get('encoding_format') == 'base64':
        rows = [base64.b64encode(row.tobytes()).decode() for row in rows]
    data = [{'object': 'embedding', 'index': i, 'embedding': row} for i, row in enumerate(rows)]
    # An estimate, as such servers give it.
    tokens = sum(len(text) for text in texts) // 4
    usage = {'prompt_tokens': tokens, 'total_tokens': tokens}
    return json({'object': 'list', 'model': body['model'], 'data': data, 'usage': usage})


@app.post('/embed')
async def tei(request: Request):
    return json(model.encode(orjson.loads(await request.body())['inputs']))


@app.get('/usage')
async def usage():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {'cpu': {'user': used.ru_utime * 1e6, 'system': used.ru_stime * 1e6}}


listener = socket.socket()
listener.bind(('127.0.0.1', 0))
print(listener.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(app, log_level='warning', access_log=False)).run([listener])
