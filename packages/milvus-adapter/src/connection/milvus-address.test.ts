import { expect, test } from 'vitest';
import { MilvusError } from '../milvus-error.js';
import { isLoopback, parseAddress } from './milvus-address.js';

test.each([
  ['http://localhost:19530', { kind: 'server', host: 'localhost:19530', secure: false }],
  ['localhost', { kind: 'server', host: 'localhost:19530', secure: false }],
  ['127.0.0.1:5000', { kind: 'server', host: '127.0.0.1:5000', secure: false }],
  ['http://milvus:80', { kind: 'server', host: 'milvus:80', secure: false }],
  ['http://[::1]:19530', { kind: 'server', host: '[::1]:19530', secure: false }],
  ['https://in01-1.zillizcloud.com', { kind: 'server', host: 'in01-1.zillizcloud.com:443', secure: true }],
  ['https://host:19530/books', { kind: 'server', host: 'host:19530', secure: true, database: 'books' }],
  ['./milvus.db', { kind: 'folder', folder: './milvus.db' }],
  ['milvus.db', { kind: 'folder', folder: 'milvus.db' }],
  ['/var/lib/vectors', { kind: 'folder', folder: '/var/lib/vectors' }],
  ['~/vectors', { kind: 'folder', folder: '~/vectors' }],
  ['C:\\data\\milvus.db', { kind: 'folder', folder: 'C:\\data\\milvus.db' }],
  ['file:///tmp/a%20b', { kind: 'folder', folder: '/tmp/a b' }],
  ['file:///C:/data', { kind: 'folder', folder: 'C:/data' }],
  ['data/milvus.db/', { kind: 'folder', folder: 'data/milvus.db/' }],
  ['\\\\server\\share', { kind: 'folder', folder: '\\\\server\\share' }],
  ['127.0.0.1:27600/', { kind: 'server', host: '127.0.0.1:27600', secure: false }],
  [
    'localhost:27600/default',
    { kind: 'server', host: 'localhost:27600', secure: false, database: 'default' },
  ],
  ['[::1]:27600/x.db', { kind: 'server', host: '[::1]:27600', secure: false, database: 'x.db' }],
])('%s', (address, expected) => {
  expect(parseAddress(address)).toEqual(expected);
});

test.each([
  ...['', '  ', 7, undefined, null, {}],
  ...[
    'ftp://host',
    'http://',
    'http:/host',
    'http:host',
    'http://host:notaport',
    'host:',
    'host:0',
    'host:70000',
  ],
  ...[
    'unix:/run/x.sock',
    'unix:///run/x.sock',
    'unix:x',
    'dns:host',
    'dns:///host:19530',
    'tcp://host:19530',
  ],
  ...['http://host:19530?database=x', 'http://host/a/b', 'http://host/%', 'mailto:someone'],
])('%s is not an address', (address) => {
  expect(() => parseAddress(address)).toThrow(MilvusError);
});

test.each(['notes/data', 'host/database', 'a\\b'])('%s is refused with both readings', (address) => {
  expect(() => parseAddress(address)).toThrow(
    `could be a folder or a server; write ./${address} for a folder of Milvus Lite, or http://${address} for a server`,
  );
});

test('a password in the address is refused without being shown', () => {
  expect(() => parseAddress('http://root:hush@host:19530')).toThrow(/options of their own/);
  for (const address of [
    'http://root:hush@host:19530',
    'root:hush@host:19530',
    'ftp://root:hush@host',
    'hush@a/b',
  ]) {
    try {
      parseAddress(address);
      expect.unreachable();
    } catch (error) {
      expect((error as Error).message).not.toContain('hush');
    }
  }
});

test.each(['localhost', 'LOCALHOST:19530', '127.0.0.1:1', '127.1.2.3', '[::1]:19530'])(
  '%s is this machine',
  (host) => {
    expect(isLoopback(host)).toBe(true);
  },
);

test.each(['localhost.example.com:1', 'milvus:19530', '10.0.0.1:1', '127.0.0.1.example.com', '[::2]:1'])(
  '%s is another machine',
  (host) => {
    expect(isLoopback(host)).toBe(false);
  },
);
