import { elementLoops } from '../element-loops/element-loops.js';
import { hasNonFinite } from '../elements/finite.js';
import type { Sha256 } from '../sha-256.js';
import { tableFile } from '../table/table-file.js';
import { openFile, readFile } from './node/local-files.js';
import { openFolder } from './node/local-folder.js';
import type { Platform } from './platform.js';

function createSha256(): Sha256 {
  // Loaded on demand: it takes milliseconds that most programs never need.
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    digestHex: () => hash.digest('hex'),
  };
}

const fastHasNonFinite: Platform['hasNonFinite'] = (dtype, data) =>
  elementLoops()?.hasNonFinite(dtype, data) ?? hasNonFinite(dtype, data);

/** For Node and compatible platforms. */
export const platform: Platform = {
  hasFiles: true,
  openFolder,
  readFile,
  openFile,
  tableFile: (parts, file) => tableFile(parts, file, fastHasNonFinite),
  // Loaded on demand: few tokenizers are large.
  keptTables: async (...given) => (await import('../hub/node/kept-tables.js')).keptTables(...given),
  createSha256,
  hasNonFinite: fastHasNonFinite,
  environmentVariable: (name) => process.env[name] || undefined,
};
