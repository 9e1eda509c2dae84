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
])('%s', (address, expected) => {
  expect(parseAddress(address)).toEqual(expected);
});

test.each([['', 7, undefined, 'ftp://host', 'http://', 'http://host:notaport']].flat())(
  '%s is no address',
  (address) => {
    expect(() => parseAddress(address)).toThrow(MilvusError);
  },
);

test('a password in the address is refused without being shown', () => {
  expect(() => parseAddress('http://root:hush@host:19530')).toThrow(/options of their own/);
  expect(() => parseAddress('http://root:hush@host:19530')).not.toThrow(/hush/);
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
