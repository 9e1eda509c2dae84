import { MalformedTokenizerError } from '../tokenizer-error.js';
import { readString } from './json-reader.js';

/** The largest double below 2⁶⁴, because the reference reads lengths as 64-bit integers. */
export const LARGEST_LENGTH: number = 2 ** 64 - 2048;

/** Reads one of a few names. */
export function readChoice<T extends string>(value: unknown, path: string, choices: readonly T[]): T {
  const text = readString(value, path);
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) {
    const found = JSON.stringify(text.slice(0, 40));
    throw new MalformedTokenizerError(path, `must be one of ${choices.join(', ')}, found ${found}`);
  }
  return choice;
}
