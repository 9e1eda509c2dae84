import { findCachedRevision, hubCacheFolder } from '@model2vec-ts/static-model/hub-cache';
import { expect, it } from 'vitest';
import { Model2VecEmbeddingFunction } from './model2vec-embedding-function.js';

const ID = 'minishlab/potion-base-8M';
/** As published; a newer revision could have other vectors. */
const REVISION = 'bf8b056651a2c21b8d2565580b8569da283cab23';

const cached = await findCachedRevision(ID, { revision: REVISION }).catch(() => undefined);
const runs = process.env.M2V_TEST_REAL_HUB === '1' || cached !== undefined;
if (!runs) {
  process.stdout.write(
    `SKIPPED the vectors of the real ${ID}: M2V_TEST_REAL_HUB is not 1, and it is not in ${hubCacheFolder()}\n`,
  );
}

it.runIf(runs)("the default model gives the vectors of Milvus' documents", { timeout: 600_000 }, async () => {
  const embedder = await Model2VecEmbeddingFunction.create({ revision: REVISION });
  const documents = await embedder.encodeDocuments([
    'Artificial intelligence was founded as an academic discipline in 1956.',
    'Alan Turing was the first person to conduct substantial research in AI.',
    'Born in Maida Vale, London, Turing was raised in southern England.',
  ]);
  const queries = await embedder.encodeQueries([
    'When was artificial intelligence founded',
    'Where was Alan Turing born?',
  ]);
  expect(embedder.dim).toBe(256);
  const expectClose = (found: ArrayLike<number>, expected: readonly number[]): void => {
    for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 6);
  };
  expectClose(
    documents[0]!,
    [
      0.02220882, 0.11436888, -0.15094341, 0.08149259, 0.20425692, -0.15727402, -0.25320682, -0.00669029,
      0.03157463, 0.08974048,
    ],
  );
  expectClose(documents[0]!.subarray(255), [0.00391175]);
  expectClose(queries[0]!, [-0.0187109, -0.00281724, -0.16735625, -0.05303723, 0.10830424]);
  await embedder.close();
});
