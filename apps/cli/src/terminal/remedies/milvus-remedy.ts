import type { MilvusRemedy } from '@model2vec-ts/milvus-adapter';

/** Flags of the adapter's options. */
const FLAGS: Readonly<Record<string, string>> = {
  database: '--database',
  metric: '--metric',
  port: '--port',
  python: '--python',
  vectorType: '--vector-type',
};

/** Renders a remedy of the Milvus adapter with flags and commands. */
export function milvusRemedyWords(remedy: MilvusRemedy): string {
  switch (remedy.code) {
    case 'use-same-model':
      return 'pass the --model that filled it (with the same --dimensionality, --max-length and --normalize), another --collection, or --force to mix the models';
    case 'force-open':
      return 'pass --force to use it';
    case 'reopen-collection':
    case 'connect-again':
      return 'run the command again';
    case 'list-collections':
      return 'm2v collections lists the ones that exist';
    case 'pass-option':
      return optionWords(remedy);
    case 'omit-option':
      return `leave out ${FLAGS[remedy.option] ?? remedy.option}`;
    case 'drop-collection':
      return 'm2v collections drop deletes everything';
    case 'log-in':
      return 'set MILVUS_TOKEN, or pass --user and set MILVUS_PASSWORD';
    case 'check-server':
      return 'check that Milvus is running there and that the port is its gRPC port (19530 by default)';
    case 'check-tls':
      return 'check the scheme of the address, --ca and --server-name';
    case 'write-address':
      return `pass ${remedy.folder} for a folder of Milvus Lite, or ${remedy.server} for a server`;
    case 'set-up-lite':
      return 'run m2v milvus setup, or pass --python (or set M2V_PYTHON) for a Python that has milvus-lite';
    case 'install-packages':
      return `run m2v milvus setup, or install ${remedy.packages.join(' and ')} in ${remedy.python}`;
    case 'choose-python':
      return `install Python ${remedy.oldest} or newer from python.org, or pass --python or set M2V_PYTHON`;
    case 'install-npm-package':
      return `run npm install ${remedy.name} (with --global if m2v is installed globally)`;
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
      return `end ${remedy.pid === undefined ? 'the program that holds it' : `process ${remedy.pid}`}, or pass the address of its server as --milvus`;
    case 'read-log':
      return `see the log ${remedy.log}`;
    case 'remove-files':
      return `remove ${remedy.path} and its files to begin again`;
  }
}

function optionWords({ option, values }: Extract<MilvusRemedy, { code: 'pass-option' }>): string {
  const flag = FLAGS[option];
  // The command line sets the other options itself.
  if (flag === undefined) return 'run the command again';
  return values === undefined ? `pass ${flag}` : `pass ${flag} ${values.join(' or ')}`;
}
