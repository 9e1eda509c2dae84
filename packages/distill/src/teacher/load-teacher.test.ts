import { describe, expect, it } from 'vitest';
import { FIXTURES, largestDifference, RECORDED, recorded } from '../fixtures/recorded.js';
import { loadTeacher } from './load-teacher.js';

describe('loadTeacher', () => {
  it.each(['bert', 'bert-tanh', 'roberta', 'xlm-roberta', 'mpnet', 'distilbert'])(
    'gives texts the vectors that transformers gives them: %s',
    async (name) => {
      const teacher = await loadTeacher(`${FIXTURES}teachers/${name}`);
      expect(teacher.maxTokens).toBe(48);
      const vectors = await teacher.encode(RECORDED.texts);
      expect(
        largestDifference(vectors, recorded(`teachers/${name}/expected.safetensors`, 'vectors')),
      ).toBeLessThan(1e-5);
      await teacher.close();
    },
  );
});
