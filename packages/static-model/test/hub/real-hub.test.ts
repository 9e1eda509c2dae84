import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findCachedRevision } from '../../src/hub/node/cached-models.js';
import { hubCacheFolder } from '../../src/hub/node/environment.js';
import { loadStaticModel } from '../../src/load-static-model.js';
import { sha256 } from './hub-server.js';

const ID = 'minishlab/potion-base-8M';
/** As published; a newer revision would have others. */
const COMMIT = 'bf8b056651a2c21b8d2565580b8569da283cab23';
const HASHES = {
  'model.safetensors': 'f65d0f325faadc1e121c319e2faa41170d3fa07d8c89abd48ca5358d9a223de2',
  'tokenizer.json': 'e67e803f624fb4d67dea1c730d06e1067e1b14d830e2c2202569e3ef0f70bb50',
  'config.json': '2a6ac0e9aaa356a68a5688070db78fc3a464fefe85d2f06a1905ce3718687553',
};

const cached = await findCachedRevision(ID, { revision: COMMIT }).catch(() => undefined);
const runs = process.env.M2V_TEST_REAL_HUB === '1' || cached !== undefined;
if (!runs) {
  process.stdout.write(
    `SKIPPED the hashes of the real ${ID}: M2V_TEST_REAL_HUB is not 1, and it is not in ${hubCacheFolder()}\n`,
  );
}

it.runIf(runs)(
  'the real potion-base-8M equals the published files, to the byte',
  { timeout: 600_000 },
  async () => {
    const model = await loadStaticModel(ID, { revision: COMMIT });
    expect([model.layout, model.table.dim]).toEqual(['model2vec', 256]);
    const { path } = (await findCachedRevision(ID, { revision: COMMIT }))!;
    for (const [file, hash] of Object.entries(HASHES)) {
      expect(sha256(readFileSync(realpathSync(join(path, file))))).toBe(hash);
    }
    const again = await loadStaticModel(ID, { revision: COMMIT, localFilesOnly: true });
    expect(again.fingerprint).toBe(model.fingerprint);
  },
);
