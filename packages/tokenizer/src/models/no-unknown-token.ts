import { TokenizerError } from '../tokenizer-error.js';
import { setUnknownToken } from '../tokenizer-remedy.js';

/** The error of a text that needs an unknown token, which the model lacks. */
export function noUnknownToken(family: string, missing: string, piece: string): TokenizerError {
  const excerpt = piece.length > 40 ? `${[...piece.slice(0, 40)].slice(0, -1).join('')}…` : piece;
  return new TokenizerError(
    'no-unknown-token',
    `${family} has no token for all of ${JSON.stringify(excerpt)} and ${missing}`,
    setUnknownToken(),
  );
}
