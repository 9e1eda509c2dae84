import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type EmbeddingTable, loadStaticModel, type TableElements, type TableRanges } from './index.js';
import { rangedFile } from './ranged-file.js';

const ROWS = 1000;
const DIM = 8;
const values = Float32Array.from({ length: ROWS * DIM }, (_, i) => i / 16);

/** A safetensors file of one table, with a header of some length. */
function fileOf(data: Float32Array, padding = 0): Buffer {
  const header = JSON.stringify({
    embeddings: { dtype: 'F32', shape: [ROWS, DIM], data_offsets: [0, data.byteLength] },
    __metadata__: { padding: '-'.repeat(padding) },
  });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, Buffer.from(header), new Uint8Array(data.buffer)]);
}

type Answer = (request: IncomingMessage, response: ServerResponse, file: Buffer) => void;

/** Answers ranges as RFC 9110, section 14, describes. */
const ranges: Answer = (request, response, file) => {
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '')!.map(Number);
  const last = Math.min(end!, file.length - 1);
  response.writeHead(206, { 'content-range': `bytes ${start}-${last}/${file.length}`, etag: '"1"' });
  response.end(file.subarray(start, last + 1));
};

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: Answer, file = fileOf(values)) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response, file);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(
    `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.safetensors?secret=1`,
  );
  return { requests, url };
}

const others = {
  'config.json': Buffer.from('{"normalize":false}'),
  'tokenizer.json': Buffer.from('{"model":{"type":"WordPiece","vocab":{}}}'),
};

/** Loads a model and keeps the ranges of its table. */
async function open(url: URL, options: Parameters<typeof rangedFile>[1] = {}) {
  let opened: TableRanges | undefined;
  await loadStaticModel(
    { ...others, 'model.safetensors': rangedFile(url, options) },
    {
      allocateTable: ({ dtype, rows, dim }, _, openRanges) => {
        opened = openRanges?.();
        return { dtype, rows, dim, ranges: opened, data: new Float32Array() } as unknown as EmbeddingTable;
      },
    },
  );
  return opened!;
}

async function rowsOf(table: TableRanges, first: number, rows: number): Promise<TableElements> {
  const target = new Float32Array(rows * DIM);
  await table.read(first, target);
  return target;
}

describe('a ranged file', () => {
  it.each([0, 40_000])(
    'is read as far as rows are needed, with a header of %d bytes more',
    async (padding) => {
      const file = fileOf(values, padding);
      const { url, requests } = await serve(ranges, file);
      const table = await open(url, { headers: { authorization: 'Bearer x' } });
      const before = requests.length;
      expect(before).toBeLessThanOrEqual(3);
      expect(await rowsOf(table, 700, 3)).toEqual(values.subarray(700 * DIM, 703 * DIM));
      expect(await rowsOf(table, ROWS - 1, 1)).toEqual(values.subarray(-DIM));
      expect(requests.length).toBe(before + 2);
      const start = file.length - values.byteLength + 4 * 700 * DIM;
      expect(requests[before]!.headers).toMatchObject({
        range: `bytes=${start}-${start + 4 * 3 * DIM - 1}`,
        authorization: 'Bearer x',
      });
      table.close();
    },
  );

  it('is read whole by a reader that wants the whole table', async () => {
    const { url } = await serve(ranges);
    const { table } = await loadStaticModel({ ...others, 'model.safetensors': rangedFile(url.href) });
    expect(table.data).toEqual(values);
    expect(table.ranges).toBeUndefined();
  });

  it('is fetched once if the server ignores ranges', async () => {
    const { url, requests } = await serve((_, response, file) => response.end(file));
    const { table } = await loadStaticModel({ ...others, 'model.safetensors': rangedFile(url) });
    expect(table.data).toEqual(values);
    expect(requests.length).toBe(2);
  });

  it('may be smaller than the first range', async () => {
    const { url } = await serve(ranges);
    const table = await open(url);
    expect(await rowsOf(table, 0, 1)).toEqual(values.subarray(0, DIM));
  });

  it.each([
    [404, { name: 'ModelNotFoundError' }],
    [401, { name: 'ModelRefusedError', message: expect.stringContaining('it requires credentials') }],
    [503, { name: 'ModelUnreachableError', message: expect.stringMatching(/HTTP 503$/) }],
  ])('is reported if the server answers HTTP %d', async (status, error) => {
    const { url } = await serve((_, response) => response.writeHead(status).end());
    const failure = await open(url).catch((reason: unknown) => reason);
    expect(failure).toMatchObject(error);
    expect(String(failure)).not.toContain('secret');
  });

  it.each<[string, string | undefined, RegExp]>([
    ['hides Content-Range', undefined, /it must send Access-Control-Expose-Headers: Content-Range, ETag$/],
    ['does not know the size', 'bytes 0-16383/*', /answered a range with Content-Range: bytes 0-16383\/\*$/],
    ['sends another range', 'bytes 5-16388/40000', /answered a range with Content-Range/],
  ])('is refused if the server %s', async (_, header, message) => {
    const { url } = await serve((_request, response, file) => {
      response.writeHead(206, header === undefined ? {} : { 'content-range': header });
      response.end(file.subarray(0, 1 << 14));
    });
    await expect(open(url)).rejects.toThrow(message);
  });

  it.each<[string, (later: Answer) => Answer, RegExp]>([
    [
      'has another ETag',
      () => (request, response, file) => {
        response.setHeader('x', 1);
        const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range!)!.map(Number);
        response.writeHead(206, { 'content-range': `bytes ${start}-${end}/${file.length}`, etag: '"2"' });
        response.end(file.subarray(start, end! + 1));
      },
      /changed on the server while it was in use: its ETag was "1", now "2"/,
    ],
    [
      'has become larger',
      (later) => (request, response, file) => later(request, response, Buffer.concat([file, file])),
      /changed on the server while it was in use: a range is bytes \d+-\d+\/\d+ instead of bytes/,
    ],
    [
      'has become shorter',
      () => (_, response) => response.writeHead(416, { 'content-range': 'bytes */10', etag: '"1"' }).end(),
      /changed on the server while it was in use: a range is bytes \*\/10 instead of/,
    ],
    [
      'arrives in part',
      () => (request, response, file) => {
        const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range!)!.map(Number);
        response.writeHead(206, { 'content-range': `bytes ${start}-${end}/${file.length}`, etag: '"1"' });
        response.end(file.subarray(start, end));
      },
      /sent other than the 32 bytes of a range/,
    ],
    [
      'arrives with more',
      () => (request, response, file) => {
        const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range!)!.map(Number);
        response.writeHead(206, { 'content-range': `bytes ${start}-${end}/${file.length}`, etag: '"1"' });
        response.end(file.subarray(start, end! + 9));
      },
      /sent other than the 32 bytes of a range/,
    ],
    ['is refused', () => (_, response) => response.writeHead(403).end(), /HTTP 403: it refuses access/],
  ])('fails a later read if it %s', async (_, later, message) => {
    let answer = ranges;
    const { url } = await serve((request, response, file) => answer(request, response, file));
    const table = await open(url);
    answer = later(ranges);
    await expect(rowsOf(table, 900, 1)).rejects.toThrow(message);
    answer = ranges;
    expect(await rowsOf(table, 900, 1)).toEqual(values.subarray(900 * DIM, 901 * DIM));
  });

  it('is refused where a row is not finite', async () => {
    const bad = values.slice();
    bad[900 * DIM + 3] = Number.NaN;
    const { url } = await serve(ranges, fileOf(bad));
    const table = await open(url);
    expect(await rowsOf(table, 899, 1)).toEqual(values.subarray(899 * DIM, 900 * DIM));
    await expect(rowsOf(table, 898, 4)).rejects.toMatchObject({ name: 'ModelMismatchError' });
  });

  it('ends pending reads when it is closed', async () => {
    let answer = ranges;
    const { url } = await serve((request, response, file) => answer(request, response, file));
    const table = await open(url);
    answer = () => undefined;
    const read = rowsOf(table, 900, 1);
    setTimeout(() => table.close(), 20);
    await expect(read).rejects.toMatchObject({ name: 'AbortError' });
  });
});
