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

/** The properties of a namespace that are not enumerable. */
function namespaceOf(namespace: typeof WebAssembly): typeof WebAssembly {
  return Object.fromEntries(
    Object.getOwnPropertyNames(namespace).map((name) => [name, Reflect.get(namespace, name)]),
  ) as unknown as typeof WebAssembly;
}

async function tokenizeMuch(): Promise<number[]> {
  vi.resetModules();
  const { loadTokenizer } = await import('../load-tokenizer.js');
  const tokenizer = loadTokenizer(new TextEncoder().encode(JSON_TEXT));
  // The first call reads new words with the readable pipeline, and then wants compiled code for them.
  for (let i = 0; i < 3; i++) tokenizer.encode(`cat${i}`);
  expect(tokenizer.path).toBe('fast');
  return [...tokenizer.encode('The cats unknown cat')];
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

it('keeps the fast path if only the code for new words is refused', async () => {
  let modules = 0;
  class SomeModules extends WebAssembly.Module {
    constructor(bytes: BufferSource) {
      // The first two read the vocabulary and cut texts into chunks.
      if (++modules > 2) throw new WebAssembly.CompileError('refused');
      super(bytes);
    }
  }
  vi.stubGlobal('WebAssembly', { ...namespaceOf(WebAssembly), Module: SomeModules });
  expect(await tokenizeMuch()).toEqual([2, 1, 3, 0, 1]);
  expect(modules).toBe(3);
});

it('keeps the fast path if only the memory for new words is refused', async () => {
  let refusals = 0;
  class FullMemory extends WebAssembly.Memory {
    override grow(pages: number): number {
      // Only the memory of the memo is this large when it grows again.
      if (this.buffer.byteLength < 1 << 22) return super.grow(pages);
      refusals++;
      throw new RangeError('refused');
    }
  }
  vi.stubGlobal('WebAssembly', { ...namespaceOf(WebAssembly), Memory: FullMemory });
  expect(await tokenizeMuch()).toEqual([2, 1, 3, 0, 1]);
  expect(refusals).toBe(1);
});
