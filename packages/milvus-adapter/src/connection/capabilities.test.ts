import { expect, test } from 'vitest';
import { capabilitiesOf, requireVectorType, serverFromVersion } from './capabilities.js';

const unasked = { knows: () => Promise.reject(new Error('asked although the version tells')) };

test.each([
  ['milvus_lite-3.2.2', '127.0.0.1:5000', 'lite'],
  ['v2.3.5-lite', '127.0.0.1:19530', 'milvus'],
  ['2.5.4', 'milvus:19530', 'milvus'],
  ['v2.6.1', 'in01-1.aws-us-west-2.vectordb.zillizcloud.com:19530', 'cloud'],
])('version %s at %s is %s', (version, host, kind) => {
  expect(serverFromVersion(version, host)).toEqual({ kind, version });
});

test.each([
  ['v2.3.5-lite', ['float32', 'binary'], false, false],
  ['v2.4.0', ['float32', 'float16', 'bfloat16', 'binary'], true, false],
  ['2.5.27', ['float32', 'float16', 'bfloat16', 'binary'], true, true],
  ['2.6.0', ['float32', 'float16', 'bfloat16', 'int8', 'binary'], true, true],
  ['2.10.1', ['float32', 'float16', 'bfloat16', 'int8', 'binary'], true, true],
  ['3.0-beta', ['float32', 'float16', 'bfloat16', 'int8', 'binary'], true, true],
])('Milvus %s', async (version, vectorTypes, hybridSearch, fullText) => {
  const found = await capabilitiesOf({ kind: 'milvus', version }, unasked);
  expect(found).toMatchObject({ vectorTypes, hybridSearch, fullText, insertReplaces: false });
});

test.each([
  [['RunAnalyzer', 'HybridSearch'], true, true],
  [['HybridSearch'], true, false],
  [[], false, false],
])('a version without a number is detected by asking for %s', async (calls, hybridSearch, fullText) => {
  const probe = { knows: async (method: string) => (calls as string[]).includes(method) };
  expect(await capabilitiesOf({ kind: 'milvus', version: 'master-abc' }, probe)).toMatchObject({
    hybridSearch,
    fullText,
  });
});

test('an unsupported type is refused with the supported ones', async () => {
  const server = { kind: 'lite', version: 'milvus_lite-3.2.2' } as const;
  const capabilities = await capabilitiesOf(server, unasked);
  expect(() => requireVectorType(capabilities, server, 'int8')).toThrow(
    /milvus_lite-3\.2\.2.* no vectors of type int8; pass vectorType: 'float32'$/,
  );
});

test.each([
  ['milvus', 'v2.3.5', true],
  ['milvus', '2.2.16', false],
  ['cloud', 'v2.6.1', false],
  ['lite', 'milvus_lite-3.2.2', false],
] as const)(
  'files can be imported by a server of kind %s at version %s: %s',
  async (kind, version, bulkImport) => {
    expect(await capabilitiesOf({ kind, version }, unasked)).toMatchObject({ bulkImport });
  },
);
