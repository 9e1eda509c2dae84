/**
 * What the caller can do about an error, as data, so that a program can word it itself. The message of {@link
 * MilvusError} words it in terms of this package's API.
 */
export type MilvusRemedy =
  /** The collection holds another model's vectors: open it with that model, fill another one, or pass `force: true`. */
  | { readonly code: 'use-same-model'; readonly collection: string }
  /** Another program made the collection: pass `force: true`, and name its text and vector fields. */
  | { readonly code: 'force-open'; readonly collection: string }
  /** The collection was replaced while it was open: open it again. */
  | { readonly code: 'reopen-collection'; readonly collection: string }
  /** No collection has this name: list the ones that exist. */
  | { readonly code: 'list-collections' }
  /** Pass an option, with one of `values` if they are known. */
  | { readonly code: 'pass-option'; readonly option: string; readonly values?: readonly string[] }
  /** Leave an option out. */
  | { readonly code: 'omit-option'; readonly option: string }
  /** Delete everything by dropping the collection. */
  | { readonly code: 'drop-collection' }
  /** The server needs a login. */
  | { readonly code: 'log-in' }
  /** Nothing answered: check that Milvus runs there and that the port is its gRPC port. */
  | { readonly code: 'check-server' }
  /** TLS failed: check the scheme of the address, the root certificate and the server's name. */
  | { readonly code: 'check-tls' }
  /** The address could be a folder or a server: write it as one of the two. */
  | { readonly code: 'write-address'; readonly folder: string; readonly server: string }
  /** The connection cannot be used any more: connect again. */
  | { readonly code: 'connect-again' }
  /** Milvus Lite has no environment, or a broken one: set it up, or choose a Python that has it. */
  | { readonly code: 'set-up-lite' }
  /** Install packages in a Python, or set up an environment for Milvus Lite. */
  | { readonly code: 'install-packages'; readonly python: string; readonly packages: readonly string[] }
  /** Choose another Python, of at least this version. */
  | { readonly code: 'choose-python'; readonly oldest: string }
  /** Install a package from npm. */
  | { readonly code: 'install-npm-package'; readonly name: string }
  /** Check the network and the settings of pip. */
  | { readonly code: 'check-network' }
  /** The disk is full. */
  | { readonly code: 'free-space' }
  /** Choose another folder. */
  | { readonly code: 'choose-folder' }
  /** Make a path writable, or move it by a variable of the environment. */
  | {
      readonly code: 'make-writable';
      readonly path: string;
      readonly variable?: 'XDG_STATE_HOME' | 'XDG_DATA_HOME';
    }
  /** End the process that holds the folder, or connect to the server that it runs. */
  | { readonly code: 'end-process'; readonly pid: number | undefined }
  /** Read the log. */
  | { readonly code: 'read-log'; readonly log: string }
  /** Remove files and begin again. */
  | { readonly code: 'remove-files'; readonly path: string };

/** Words a remedy in terms of this package's API. */
export function remedyText(remedy: MilvusRemedy): string {
  switch (remedy.code) {
    case 'use-same-model':
      return 'open it with the model that filled it, fill another collection, or pass force: true to mix the models';
    case 'force-open':
      return 'pass force: true to open it, with textField and vectorField if it has several';
    case 'reopen-collection':
      return 'open it again with TextCollection.open()';
    case 'list-collections':
      return 'listCollections() returns the ones that exist';
    case 'pass-option':
      return remedy.values === undefined
        ? `pass option ${remedy.option}`
        : `pass ${remedy.option}: ${remedy.values.map((value) => `'${value}'`).join(' or ')}`;
    case 'omit-option':
      return `omit option ${remedy.option}`;
    case 'drop-collection':
      return 'use drop() to delete everything';
    case 'log-in':
      return 'pass token, or user and password';
    case 'check-server':
      return 'check that Milvus is running there, that the port is its gRPC port (19530 by default), and whether it needs https';
    case 'check-tls':
      return 'check the scheme of the address, the root certificate and the server name';
    case 'write-address':
      return `write ${remedy.folder} for a folder of Milvus Lite, or ${remedy.server} for a server`;
    case 'connect-again':
      return 'connect again';
    case 'set-up-lite':
      return 'call setupMilvusLite(), or pass option python (or set M2V_PYTHON) to a Python that has milvus-lite';
    case 'install-packages':
      return `install ${remedy.packages.join(' and ')} in ${remedy.python}, or call setupMilvusLite()`;
    case 'choose-python':
      return `install Python ${remedy.oldest} or newer from python.org, or pass option python or set M2V_PYTHON`;
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
      return remedy.pid === undefined
        ? 'end the program that holds it, or connect to the server that it runs'
        : `end process ${remedy.pid}, or connect to the server that it runs`;
    case 'read-log':
      return `see the log ${remedy.log}`;
    case 'remove-files':
      return `remove ${remedy.path} and its files to begin again`;
  }
}
