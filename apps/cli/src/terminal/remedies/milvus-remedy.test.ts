import { MilvusError, type MilvusRemedy } from '@model2vec-ts/milvus-adapter';
import { expect, it } from 'vitest';
import { failureLine } from './failure-line.js';

/** Every remedy with its words on the command line; a new code without a row does not compile. */
const WORDS: {
  readonly [Code in MilvusRemedy['code']]: readonly (readonly [
    Omit<Extract<MilvusRemedy, { code: Code }>, 'code'>,
    string,
  ])[];
} = {
  'use-same-model': [
    [
      { collection: 'notes' },
      'pass the --model that filled it (with the same --dimensionality, --max-length and --normalize), another --collection, or --force to mix the models',
    ],
  ],
  'force-open': [[{ collection: 'notes' }, 'pass --force to use it']],
  'reopen-collection': [[{ collection: 'notes' }, 'run the command again']],
  'list-collections': [[{}, 'm2v collections lists the ones that exist']],
  'pass-option': [
    [{ option: 'metric', values: ['COSINE', 'IP'] }, 'pass --metric COSINE or IP'],
    [{ option: 'python' }, 'pass --python'],
    [{ option: 'startTimeout' }, 'run the command again'],
  ],
  'omit-option': [[{ option: 'port' }, 'leave out --port']],
  'drop-collection': [[{}, 'm2v collections drop deletes everything']],
  'log-in': [[{}, 'set MILVUS_TOKEN, or pass --user and set MILVUS_PASSWORD']],
  'check-server': [
    [{}, 'check that Milvus is running there and that the port is its gRPC port (19530 by default)'],
  ],
  'check-tls': [[{}, 'check the scheme of the address, --ca and --server-name']],
  'write-address': [
    [
      { folder: './notes', server: 'http://notes' },
      'pass ./notes for a folder of Milvus Lite, or http://notes for a server',
    ],
  ],
  'connect-again': [[{}, 'run the command again']],
  'set-up-lite': [
    [{}, 'run m2v milvus setup, or pass --python (or set M2V_PYTHON) for a Python that has milvus-lite'],
  ],
  'install-packages': [
    [
      { python: '/opt/python', packages: ['milvus-lite==3.2.2', 'pymilvus==3.0.2'] },
      'run m2v milvus setup, or install milvus-lite==3.2.2 and pymilvus==3.0.2 in /opt/python',
    ],
  ],
  'choose-python': [
    [{ oldest: '3.10' }, 'install Python 3.10 or newer from python.org, or pass --python or set M2V_PYTHON'],
  ],
  'install-npm-package': [
    [
      { name: 'hyparquet-writer' },
      'run npm install hyparquet-writer (with --global if m2v is installed globally)',
    ],
  ],
  'check-network': [[{}, 'check the network and the settings of pip']],
  'free-space': [[{}, 'free some space on the disk']],
  'choose-folder': [[{}, 'choose another folder']],
  'make-writable': [
    [{ path: '/state' }, 'make /state writable, or choose another folder'],
    [
      { path: '/state', variable: 'XDG_STATE_HOME' },
      'make /state writable, or set XDG_STATE_HOME to another folder',
    ],
  ],
  'end-process': [
    [{ pid: 4711 }, 'end process 4711, or pass the address of its server as --milvus'],
    [{ pid: undefined }, 'end the program that holds it, or pass the address of its server as --milvus'],
  ],
  'read-log': [[{ log: '/state/server.log' }, 'see the log /state/server.log']],
  'remove-files': [
    [{ path: '/bulk/part.manifest.json' }, 'remove /bulk/part.manifest.json and its files to begin again'],
  ],
};

const ROWS = Object.entries(WORDS).flatMap(([code, rows]) =>
  rows.map(([fields, words]) => [{ code, ...fields } as MilvusRemedy, words] as const),
);

it.each(ROWS)(
  '%j is %j on the command line, and in the words of the API elsewhere',
  async (remedy, words) => {
    const error = new MilvusError('server', 'it failed', { remedy });
    expect(await failureLine(error)).toBe(`it failed; ${words}`);
    expect(error.message).toMatch(/^it failed; ./);
    expect(error.message).not.toMatch(/\bm2v\b|--[a-z]/);
  },
);
