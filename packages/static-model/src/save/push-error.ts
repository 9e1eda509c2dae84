import { ModelError, ModelNotFoundError } from '../model-error.js';
import { ModelRefusedError, ModelUnreachableError } from '../server-error.js';
import { messageOf, numberIn } from '../thrown-value.js';
import { ModelNotSavedError } from './save-error.js';
import { checkRepository, checkWriteAccess } from './save-remedies.js';

/** Context of a failed push. */
export interface FailedPush {
  /** The repository, with its revision unless that is `main`. */
  readonly target: string;
  readonly token: string;
}

/**
 * Turns a failure of the Hub's client into an error of this package. The message keeps its text, but drops the token,
 * which a server might echo, and the queries of addresses, which may be signed. For the same reason the client's error
 * is not attached.
 */
export function pushError(error: unknown, push: FailedPush): ModelError {
  if (ModelError.isInstance(error)) return error;
  const { target } = push;
  const text = withoutSecrets(messageOf(error), push.token);
  const status = statusOf(error);
  if (status === undefined) {
    return new ModelNotSavedError(target, `${target}: the model could not be pushed: ${text}`);
  }
  const answer = `the Hub answered HTTP ${status}: ${text}`;
  switch (status) {
    case 401:
    case 403:
      return new ModelRefusedError(`${target}: ${answer}`, status, checkWriteAccess(target));
    case 404:
      return new ModelNotFoundError(`${target}: ${answer}`, [target], checkRepository(target));
    default:
      return status >= 500 || status === 429 || status === 408
        ? new ModelUnreachableError(`${target}: ${answer}`, status)
        : new ModelNotSavedError(target, `${target}: ${answer}`);
  }
}

/**
 * The HTTP status of the client's `HubApiError`, recognised by its shape because several copies of the client may be
 * loaded.
 */
export function statusOf(error: unknown): number | undefined {
  return numberIn(error, 'statusCode');
}

/** Removes secrets from a text, so that it can be shown. */
function withoutSecrets(text: string, token: string): string {
  return text
    .replaceAll(token, '(token)')
    .replace(/[?#][^\s?#]*=\S*/g, '')
    .replace(/\s+/g, ' ')
    .slice(0, 500);
}
