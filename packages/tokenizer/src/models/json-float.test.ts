import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MalformedTokenizerError } from '../tokenizer-error.js';
import { readFloat } from './json-float.js';

const file = new URL('./fixtures/scores.json', import.meta.url);
const scores = JSON.parse(readFileSync(file, 'utf8')) as readonly (readonly [
  written: number,
  read: number,
])[];

describe('readFloat', () => {
  it('reads a number to the last bit as the reference does', () => {
    expect(scores.map(([written]) => readFloat(written, '$'))).toEqual(scores.map(([, read]) => read));
  });

  it('differs for some numbers from the nearest double', () => {
    expect(scores.filter(([written, read]) => written !== read).length).toBeGreaterThan(20);
  });

  it('refuses a number too large for a double', () => {
    expect(() => readFloat(JSON.parse('1e999'), '$.a')).toThrowError(MalformedTokenizerError);
  });
});
