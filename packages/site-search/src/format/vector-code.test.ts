import { expect, it } from 'vitest';
import { codeCosine, codeLength, encodeVector } from './vector-code.js';

it('keeps a cosine within 0.05, for an odd number of dimensions too', () => {
  for (const dim of [63, 64]) {
    const unit = (seed: number) => {
      const vector = Float32Array.from({ length: dim }, (_, i) => Math.sin(seed * (i + 1) * 1.7));
      return vector.map((value) => value / Math.hypot(...vector));
    };
    for (let seed = 1; seed < 20; seed++) {
      const query = unit(seed + 0.5);
      const vector = unit(seed);
      const code = encodeVector(vector);
      expect(code).toHaveLength(codeLength(dim));
      const cosine = query.reduce((sum, value, i) => sum + value * vector[i]!, 0);
      expect(Math.abs(codeCosine(query, code, 0) - cosine)).toBeLessThan(0.05);
    }
  }
});
