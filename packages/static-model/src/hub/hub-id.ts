import { ModelError } from '../model-error.js';

const MAX_ID_LENGTH = 96;

/** The Hub's own rule for names: letters, digits, `-`, `_` and `.`, with no `-` or `.` at an end, no `--` and no `..`. */
const HUB_NAME = /^(?!.*(?:--|\.\.))[A-Za-z0-9_](?:[\w.-]*[A-Za-z0-9_])?$/;

/** Whether a string can be a Hub id `org/name`. */
export function isHubId(text: string): boolean {
  const names = text.split('/');
  return (
    names.length === 2 &&
    text.length <= MAX_ID_LENGTH &&
    !text.endsWith('.git') &&
    names.every((name) => HUB_NAME.test(name))
  );
}

/** Checked here because the platform's error for an invalid header would repeat the token. */
export function checkToken(token: string): void {
  if (/^[\x21-\x7e]+$/.test(token)) return;
  throw new ModelError(
    'invalid-argument',
    'the token is empty, or has a space, a line break or a character beyond ASCII',
  );
}
