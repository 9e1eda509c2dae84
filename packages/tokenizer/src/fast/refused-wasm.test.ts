import { afterEach, expect, it, vi } from 'vitest';
import { WEB_ASSEMBLY_REFUSALS } from '../../../../scripts/web-assembly-refusals.mjs';

const JSON_TEXT = JSON.stringify({
  version: '1.0',
  added_tokens: [],
  normalizer: { type: 'Lowercase' },
  pre_tokenizer: { type: 'WhitespaceSplit' },
  model: {
    type: 'WordPiece',
    unk_token: '?',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: { '?': 0, cat: 1, the: 2, '##s': 3 },
  },
});

async function tokenize(path?: 'fast' | 'readable'): Promise<{ path: string; ids: number[] }> {
  vi.resetModules();
  const { loadTokenizer } = await import('../load-tokenizer.js');
  const tokenizer = loadTokenizer(new TextEncoder().encode(JSON_TEXT), path && { path });
  const ids = [...tokenizer.encode('The cats unknown cat')];
  return { path: tokenizer.path, ids };
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

it('takes the fast path where WebAssembly runs', async () => {
  expect(await tokenize()).toEqual({ path: 'fast', ids: [2, 1, 3, 0, 1] });
});

it.each(WEB_ASSEMBLY_REFUSALS)(
  'takes the readable path if WebAssembly is refused as in %s',
  async (_, namespace) => {
    vi.stubGlobal('WebAssembly', namespace);
    const expected = { path: 'readable', ids: [2, 1, 3, 0, 1] };
    expect(await tokenize()).toEqual(expected);
    expect(await tokenize('fast')).toEqual(expected);
  },
);
