import { MalformedTokenizerError } from '../tokenizer-error.js';

/** How deep the reference lets arrays and objects nest. */
export const DEPTH_LIMIT = 127;
/** `JSON.parse` keeps about 50 bytes for each open bracket, so a nest of at most this many bytes does no harm. */
const HARMLESS_BYTES = 1 << 20;

/** The error of a value that is nested too deeply. */
export function tooDeep(path: string): MalformedTokenizerError {
  return new MalformedTokenizerError(path, `is nested more than ${DEPTH_LIMIT} deep`);
}

/**
 * Refuses a large text that is nested too deeply before it is parsed, which would take gigabytes for a nest of brackets.
 *
 * Works against the bytes that a loop reads: a nanosecond each, and only for large texts.
 */
export function checkDepth(bytes: Uint8Array): void {
  if (bytes.length <= HARMLESS_BYTES) return;
  let depth = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === 0x22) {
      for (i++; i < bytes.length && bytes[i] !== 0x22; i++) if (bytes[i] === 0x5c) i++;
    } else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > DEPTH_LIMIT) throw tooDeep('$');
    } else if (byte === 0x5d || byte === 0x7d) {
      depth--;
    }
  }
}
