import { isRecord, readDecoder } from './decoder-json.js';

/** The part of a tokenizer that decoding needs. */
export interface TokenNames {
  /** Returns the token of an id, or `undefined` if no token has it. */
  idToToken(id: number): string | undefined;
}

/** Turns token ids back into text, as the reference's `decode` does. */
export class TokenDecoder {
  readonly #tokenizer: TokenNames;
  readonly #special: ReadonlySet<string>;
  readonly #join: (tokens: readonly string[]) => string;

  /**
   * @param tokenizerJson - `tokenizer.json`, from which the tokenizer was loaded
   * @throws `RequestError` `unsupported-model` if its decoder is not supported
   */
  constructor(tokenizer: TokenNames, tokenizerJson: Uint8Array) {
    const { decoder, added_tokens } = JSON.parse(new TextDecoder().decode(tokenizerJson)) as {
      readonly decoder?: unknown;
      readonly added_tokens?: unknown;
    };
    this.#tokenizer = tokenizer;
    this.#special = new Set(specialTokens(added_tokens));
    if (decoder === undefined || decoder === null) this.#join = (tokens) => tokens.join(' ');
    else {
      const step = readDecoder(decoder);
      this.#join = (tokens) => step(tokens).join('');
    }
  }

  /** Decodes the ids of one text. Ids without a token are skipped. */
  decode(ids: Iterable<number>, skipSpecialTokens: boolean): string {
    const tokens: string[] = [];
    for (const id of ids) {
      const token = this.#tokenizer.idToToken(id);
      if (token !== undefined && !(skipSpecialTokens && this.#special.has(token))) tokens.push(token);
    }
    return this.#join(tokens);
  }
}

function specialTokens(tokens: unknown): string[] {
  if (!Array.isArray(tokens)) return [];
  return tokens.filter(isRecord).flatMap(({ content, special }) => {
    return special === true && typeof content === 'string' ? [content] : [];
  });
}
