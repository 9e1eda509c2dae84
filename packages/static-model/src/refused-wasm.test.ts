import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WEB_ASSEMBLY_REFUSALS } from '../../../scripts/web-assembly-refusals.mjs';
import { modelFiles } from '../test/model-fixture.js';
import { randomNumbers } from './k-means/random.js';

const DIM = 150;
const ROWS = 400;

/** Loads, converts and clusters with modules that have not probed the engine yet. */
async function results() {
  vi.resetModules();
  const { loadStaticModel } = await import('./load-static-model.js');
  const { quantizeModel } = await import('./quantize-model.js');
  const { kMeans } = await import('./k-means/k-means.js');
  const loaded = await loadStaticModel(modelFiles('float32'), { quantizeTo: 'int8' });
  const whole = await loadStaticModel(modelFiles('float32'));
  const shared = await quantizeModel(whole, { vocabularySize: Math.ceil(whole.table.rows / 2) });
  const random = randomNumbers(3);
  const rows = Float32Array.from({ length: ROWS * DIM }, (_, at) => (random() - 0.5) / (1 + (at % DIM) / 9));
  return {
    tables: [loaded.table, shared.table].map((table) => ({ ...table })),
    clusters: await kMeans(rows, DIM, { clusters: 60, seed: 4 }),
  };
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe('a model', () => {
  let expected: Awaited<ReturnType<typeof results>>;
  beforeAll(async () => {
    expected = await results();
  });

  it.each(WEB_ASSEMBLY_REFUSALS)(
    'is converted and clustered to the same bits if WebAssembly is refused as in %s',
    async (_, namespace) => {
      vi.stubGlobal('WebAssembly', namespace);
      expect(await results()).toEqual(expected);
    },
  );
});
