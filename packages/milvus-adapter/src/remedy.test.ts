import { describe, expect, test } from 'vitest';
import { MilvusError } from './milvus-error.js';
import { type MilvusRemedy, remedyText } from './remedy.js';

/** Every remedy with its wording; a new variant without an entry does not compile. */
const WORDED: {
  readonly [Code in MilvusRemedy['code']]: readonly [Extract<MilvusRemedy, { code: Code }>, string];
} = {
  'use-same-model': [
    { code: 'use-same-model', collection: 'notes' },
    'open it with the model that filled it, fill another collection, or pass force: true to mix the models',
  ],
  'force-open': [
    { code: 'force-open', collection: 'notes' },
    'pass force: true to open it, with textField and vectorField if it has several',
  ],
  'reopen-collection': [
    { code: 'reopen-collection', collection: 'notes' },
    'open it again with TextCollection.open()',
  ],
  'list-collections': [{ code: 'list-collections' }, 'listCollections() returns the ones that exist'],
  'pass-option': [
    { code: 'pass-option', option: 'metric', values: ['COSINE', 'IP'] },
    "pass metric: 'COSINE' or 'IP'",
  ],
  'omit-option': [{ code: 'omit-option', option: 'port' }, 'omit option port'],
  'drop-collection': [{ code: 'drop-collection' }, 'use drop() to delete everything'],
  'log-in': [{ code: 'log-in' }, 'pass token, or user and password'],
  'check-server': [
    { code: 'check-server' },
    'check that Milvus is running there, that the port is its gRPC port (19530 by default), and whether it needs https',
  ],
  'check-tls': [
    { code: 'check-tls' },
    'check the scheme of the address, the root certificate and the server name',
  ],
  'write-address': [
    { code: 'write-address', folder: './notes', server: 'http://notes' },
    'write ./notes for a folder of Milvus Lite, or http://notes for a server',
  ],
  'connect-again': [{ code: 'connect-again' }, 'connect again'],
  'set-up-lite': [
    { code: 'set-up-lite' },
    'call setupMilvusLite(), or pass option python (or set M2V_PYTHON) to a Python that has milvus-lite',
  ],
  'install-packages': [
    { code: 'install-packages', python: '/opt/python', packages: ['milvus-lite==3.2.2', 'pymilvus==3.0.2'] },
    'install milvus-lite==3.2.2 and pymilvus==3.0.2 in /opt/python, or call setupMilvusLite()',
  ],
  'choose-python': [
    { code: 'choose-python', oldest: '3.10' },
    'install Python 3.10 or newer from python.org, or pass option python or set M2V_PYTHON',
  ],
  'install-npm-package': [
    { code: 'install-npm-package', name: 'hyparquet-writer' },
    'npm install hyparquet-writer',
  ],
  'check-network': [{ code: 'check-network' }, 'check the network and the settings of pip'],
  'free-space': [{ code: 'free-space' }, 'free some space on the disk'],
  'choose-folder': [{ code: 'choose-folder' }, 'choose another folder'],
  'make-writable': [
    { code: 'make-writable', path: '/state', variable: 'XDG_STATE_HOME' },
    'make /state writable, or set XDG_STATE_HOME to another folder',
  ],
  'end-process': [
    { code: 'end-process', pid: 4711 },
    'end process 4711, or connect to the server that it runs',
  ],
  'read-log': [{ code: 'read-log', log: '/state/server.log' }, 'see the log /state/server.log'],
  'remove-files': [
    { code: 'remove-files', path: '/bulk/part.manifest.json' },
    'remove /bulk/part.manifest.json and its files to begin again',
  ],
};

describe('a remedy', () => {
  test.each(Object.entries(WORDED))('%s is worded for callers of the API', (_, [remedy, words]) => {
    expect(remedyText(remedy)).toBe(words);
    expect(new MilvusError('server', 'it failed', { remedy })).toMatchObject({
      summary: 'it failed',
      remedy,
      message: `it failed; ${words}`,
    });
  });

  test('is absent from errors without a way out', () => {
    expect(new MilvusError('server', 'it failed')).toMatchObject({
      summary: 'it failed',
      message: 'it failed',
      remedy: undefined,
    });
  });
});

test('an error of another copy of the package is recognised, even if it is no Error of this realm', () => {
  const marker = Symbol.for('@model2vec-ts/milvus-adapter/error');
  expect(MilvusError.isInstance({ message: 'far', [marker]: true })).toBe(true);
  expect(MilvusError.isInstance(new Error('near'))).toBe(false);
  expect(MilvusError.isInstance(null)).toBe(false);
});
