import type { MilvusRemedy } from '@model2vec-ts/milvus-adapter';

/** Flags of the options that a remedy names. */
const FLAGS: Readonly<Record<string, string>> = {
  database: '--database',
  fullText: '--no-full-text',
  metric: '--metric',
  mode: '--mode',
  port: '--port',
  python: '--python',
  startTimeout: '--timeout',
  vectorType: '--vector-type',
};

/** Renders a remedy of the Milvus adapter as the end of an error's line. */
export function milvusRemedyWords(remedy: MilvusRemedy): string {
  switch (remedy.code) {
    case 'use-same-model':
      return 'give --model (and --dimensionality and the like) as they were, another --collection, or --force to mix them';
    case 'force-open':
      return 'pass --force to use it as it is';
    case 'reopen-collection':
      return 'run the command again';
    case 'list-collections':
      return 'm2v collections lists what there is';
    case 'pass-option': {
      const flag = FLAGS[remedy.option] ?? `--${remedy.option}`;
      return remedy.values === undefined ? `pass ${flag}` : `pass ${flag} ${remedy.values.join(' or ')}`;
    }
    case 'omit-option':
      return remedy.option === 'fullText'
        ? 'pass --no-full-text'
        : `omit ${FLAGS[remedy.option] ?? `--${remedy.option}`}`;
    case 'drop-collection':
      return 'm2v collections drop deletes everything';
    case 'log-in':
      return 'set MILVUS_TOKEN, or give --user and MILVUS_PASSWORD';
    case 'check-server':
      return 'check that Milvus is running there, that the port is its gRPC port (19530 by default), and whether it needs https';
    case 'check-tls':
      return 'check the scheme of the address, the root certificate and the name of the server';
    case 'write-address':
      return `write ${remedy.folder} for a folder of Milvus Lite, or ${remedy.server} for a server`;
    case 'connect-again':
      return 'run the command again';
    case 'set-up-lite':
      return 'run m2v milvus setup, or set M2V_PYTHON to a Python that has milvus-lite';
    case 'install-packages':
      return `install ${remedy.packages.join(' and ')} in ${remedy.python}, or run m2v milvus setup`;
    case 'choose-python':
      return `install Python ${remedy.oldest} or newer from python.org, or pass --python or set M2V_PYTHON`;
    case 'install-npm-package':
      return `npm install ${remedy.name}`;
    case 'check-network':
      return 'check the network and the settings of pip';
    case 'free-space':
      return 'free some space on the disk';
    case 'choose-folder':
      return 'choose another folder';
    case 'make-writable':
      return remedy.variable === undefined
        ? `make ${remedy.path} writable, or choose another folder`
        : `make ${remedy.path} writable, or set ${remedy.variable} to another folder`;
    case 'end-process':
      return remedy.pid === undefined ? 'end the program that holds it' : `end process ${remedy.pid}`;
    case 'read-log':
      return `see the log ${remedy.log}`;
    case 'remove-files':
      return `remove ${remedy.path} and its files to begin again`;
  }
}
