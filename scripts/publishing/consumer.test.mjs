import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { answerProblems } from './consumer.mjs';

const { embeddings } = JSON.parse(readFileSync(new URL('fixtures/expected.json', import.meta.url), 'utf8'));

test("Python's vectors pass", () => {
  assert.deepEqual(answerProblems({ kernel: 'wasm', embeddings }), []);
});

test('the next float32 fails', () => {
  const changed = structuredClone(embeddings);
  const bits = new Uint32Array(Float32Array.of(changed[1][7]).buffer);
  bits[0]++;
  changed[1][7] = new Float32Array(bits.buffer)[0];
  assert.match(answerProblems({ kernel: 'wasm', embeddings: changed }).join(), /^row 1, column 7 is /);
});

test('missing rows, short rows and another kernel are reported', () => {
  assert.deepEqual(answerProblems({ kernel: 'js', embeddings: [] }), [
    'the kernel is js and not wasm',
    '0 rows',
  ]);
  const short = embeddings.map((row) => row.slice(0, -1));
  assert.match(answerProblems({ kernel: 'wasm', embeddings: short }).join(), /row 0 has 255 numbers/);
});
