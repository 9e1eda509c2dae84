import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RequestError } from '../requests/request-error.js';
import { TokenDecoder } from './token-decoder.js';

interface Recorded {
  readonly tokenizer: {
    readonly decoder: object | null;
    readonly added_tokens: readonly { readonly id: number; readonly content: string }[];
    readonly model: { readonly vocab: Readonly<Record<string, number>> };
  };
  readonly cases: readonly (readonly [ids: number[], skipSpecialTokens: boolean, text: string])[];
}

/** Written by scripts/decoded-texts.py. */
const recorded: readonly Recorded[] = readFileSync(
  new URL('fixtures/decoded-texts.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);

function decoderOf(tokenizer: Recorded['tokenizer']): TokenDecoder {
  const tokens = new Map([
    ...Object.entries(tokenizer.model.vocab).map(([token, id]) => [id, token] as const),
    ...tokenizer.added_tokens.map(({ id, content }) => [id, content] as const),
  ]);
  const json = new TextEncoder().encode(JSON.stringify(tokenizer));
  return new TokenDecoder({ idToToken: (id) => tokens.get(id) }, json);
}

describe('TokenDecoder', () => {
  it.each(
    recorded.map(({ tokenizer, cases }) => [JSON.stringify(tokenizer.decoder), tokenizer, cases] as const),
  )('decodes like the reference with the decoder %s', (_, tokenizer, cases) => {
    const decoder = decoderOf(tokenizer);
    expect(cases.length).toBeGreaterThan(50);
    for (const [ids, skip, text] of cases)
      expect([ids, skip, decoder.decode(ids, skip)]).toEqual([ids, skip, text]);
  });

  it.each([
    [{ type: 'Replace', pattern: { Regex: 'a+' }, content: '' }, 'a Replace with a regular expression'],
    [{ type: 'Sequence', decoders: [{ type: 'Fuse' }, { a: 1 }] }, 'a component without a type'],
  ])('refuses %j by name', (decoder, message) => {
    const make = (): TokenDecoder => decoderOf({ ...recorded[0]!.tokenizer, decoder });
    expect(make).toThrow(RequestError);
    expect(make).toThrow(message);
  });
});
