import { describe, expect, it } from 'vitest';
import { textBatches } from './text-batches.js';
import { checkTextStream } from './text-stream.js';

/** A source that records how far it was read and whether it was closed. */
function source(count: number) {
  const state = { given: 0, ended: false };
  function* texts(): Generator<string> {
    try {
      while (state.given < count) yield `text ${state.given++}`;
    } finally {
      state.ended = true;
    }
  }
  return { state, texts: texts() };
}

async function collect(batches: AsyncIterable<string[]>): Promise<string[][]> {
  const all: string[][] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

describe('texts in batches', () => {
  it('arrive in order, the last batch shorter', async () => {
    expect(await collect(textBatches(['a', 'b', 'c', 'd', 'e'], 2, undefined))).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e'],
    ]);
    expect(await collect(textBatches(new Set(['a', 'b']), 2, undefined))).toEqual([['a', 'b']]);
    expect(await collect(textBatches([], 2, undefined))).toEqual([]);
  });

  it('are read from the source only when requested', async () => {
    const { state, texts } = source(100);
    const batches = textBatches(texts, 10, undefined);
    expect(state.given).toBe(0);
    await batches.next();
    expect(state.given).toBe(10);
    await batches.next();
    expect(state.given).toBe(20);
  });

  it('close the source if the reader stops', async () => {
    const { state, texts } = source(100);
    for await (const _ of textBatches(texts, 10, undefined)) break;
    expect(state).toEqual({ given: 10, ended: true });
  });

  it('close the source if an element is not a string, and report its index', async () => {
    const { state, texts } = source(7);
    function* mixed(): Generator<string> {
      yield* texts;
      // @ts-expect-error not a string
      yield 7;
    }
    await expect(collect(textBatches(mixed(), 3, undefined))).rejects.toThrow(
      'texts[7] must be a string; found 7',
    );
    expect(state.ended).toBe(true);
  });

  it('pass on the error of the source', async () => {
    const problem = new RangeError('disk');
    async function* failing(): AsyncGenerator<string> {
      yield 'a';
      throw problem;
    }
    for (const signal of [undefined, new AbortController().signal]) {
      await expect(collect(textBatches(failing(), 3, signal))).rejects.toBe(problem);
    }
  });

  it('stop waiting for a silent source when the signal aborts, and close it', async () => {
    let ended = false;
    const silent: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => undefined),
        return: async () => {
          ended = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const controller = new AbortController();
    const reading = collect(textBatches(silent, 3, controller.signal));
    setTimeout(() => controller.abort('enough'), 5);
    await expect(reading).rejects.toBe('enough');
    expect(ended).toBe(true);
  });

  it('leave no listener on the signal', async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--;
      remove(...args);
    };
    async function* texts(): AsyncGenerator<string> {
      for (let i = 0; i < 50; i++) yield 'a';
    }
    await collect(textBatches(texts(), 8, signal));
    expect(listeners).toBe(0);
  });
});

it.each([
  ['a bare string', 'abc', /pass \[text\]/],
  ['a number', 3, /iterable or async iterable of strings; found 3/],
  ['null', null, /found null/],
  ['an object', {}, /found object/],
])('%s is not a stream of texts', (_, texts, message) => {
  // @ts-expect-error no iterable of strings, but for the string
  expect(() => checkTextStream(texts)).toThrow(message);
});
