import { describe, expect, it } from 'vitest';
import { fileWithHeader } from '../../test/safetensors-file.js';
import recorded from '../fixtures/safetensors-cases.json' with { type: 'json' };
import { parseSafetensors } from './safetensors.js';
import { usualSafetensors } from './usual-safetensors.js';

function fileOf(header: string, dataBytes: number): Uint8Array {
  return fileWithHeader(header, new Uint8Array(dataBytes));
}

/** Whether the file is accepted; if so, the result must equal the full parser's. */
function isTaken(file: Uint8Array): boolean {
  const usual = usualSafetensors(file, 'model.safetensors', file.length);
  if (usual === undefined) return false;
  const full = parseSafetensors(file, 'model.safetensors');
  expect([...usual.tensors]).toEqual([...full.tensors]);
  expect([...usual.metadata]).toEqual([...full.metadata]);
  return true;
}

const HEADER =
  '{"__metadata__":{"format":"pt"},"weights":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"embeddings":{"dtype":"I8","shape":[2,3],"data_offsets":[8,14]}}';

describe('a file as the format’s own library writes it', () => {
  it.each([HEADER, `${HEADER}     `, HEADER.replace('"__metadata__":{"format":"pt"},', ''), '{}'])(
    'is read: %s',
    (header) => {
      expect(isTaken(fileOf(header, header === '{}' ? 0 : 14))).toBe(true);
    },
  );
});

describe('any other file is left to the full parser', () => {
  it.each([
    ['text after the header', `${HEADER}x`],
    ['white space of another kind', `${HEADER}\n`],
    ['white space inside', HEADER.replace(':[2]', ': [2]')],
    ['a key twice', HEADER.replace('"weights":', '"embeddings":')],
    ['a number that is no count', HEADER.replace('[2]', '[2.0]')],
    ['a negative one', HEADER.replace('[2]', '[-2]')],
    ['half a surrogate pair', HEADER.replace('"weights"', '"\\ud800"')],
    ['a key more', HEADER.replace('"shape":[2]', '"shape":[2],"x":1')],
    ['metadata that are text', HEADER.replace('{"format":"pt"}', '"pt"')],
    ['metadata that are a list', HEADER.replace('{"format":"pt"}', '["pt"]')],
    ['metadata that are numbers', HEADER.replace('"pt"', '1')],
    ['another dtype', HEADER.replace('"I8"', '"U8"')],
    ['a dtype that every object has', HEADER.replace('"I8"', '"constructor"')],
    ['a hole', HEADER.replace('[8,14]', '[9,15]')],
    ['three offsets', HEADER.replace('[8,14]', '[8,14,14]')],
    ['offsets in text', HEADER.replace('[8,14]', '"8,"')],
    ['a list', '[]'],
    ['a mark before it', `\ufeff${HEADER}`],
    [
      'an empty tensor',
      '{"a":{"dtype":"I8","shape":[1125899906842624,1125899906842624,0],"data_offsets":[0,0]}}',
    ],
  ])('%s', (_, header) => {
    expect(isTaken(fileOf(header, 14))).toBe(false);
    expect(isTaken(fileOf(header, 0))).toBe(false);
  });

  it('data that end too soon or too late', () => {
    for (const bytes of [0, 13, 15]) expect(isTaken(fileOf(HEADER, bytes))).toBe(false);
    for (let length = 0; length < HEADER.length + 22; length++) {
      expect(isTaken(fileOf(HEADER, 14).subarray(0, length))).toBe(false);
    }
  });
});

it('agrees with the full parser on the cases of Python’s safetensors', () => {
  const taken = recorded.filter(({ bytes }) => isTaken(new Uint8Array(Buffer.from(bytes, 'base64'))));
  expect(taken.length).toBeGreaterThan(0);
});

it('agrees with the full parser on every change of one character', () => {
  for (let at = 0; at < HEADER.length; at++) {
    for (const character of ['', '0', '1', '9', '"', ',', '{', '}', '[', ']', ':', ' ', 'F', '\\']) {
      isTaken(fileOf(HEADER.slice(0, at) + character + HEADER.slice(at + 1), 14));
      isTaken(fileOf(HEADER.slice(0, at) + character + HEADER.slice(at), 14));
    }
  }
});
