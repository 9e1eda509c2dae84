import { ModelError, ModelNotFoundError, ModelRefusedError, ModelUnreachableError } from '../model-error.js';
import { messageOf, numberIn } from '../thrown-value.js';
import { ModelNotSavedError } from './save-error.js';

/** What is known of a push when it fails. */
export interface FailedPush {
  /** The repository, with its revision where that is not `main`. */
  readonly target: string;
  readonly token: string;
}

/**
 * A failure of the Hub's client as an error of this package. Its text is kept without the token, should a server repeat
 * it, and without the queries of addresses, which are signed for whoever has them; so it is a new error and not the
 * client's own.
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
      return new ModelRefusedError(`${target}: ${answer}`, status, {
        remedy: { code: 'check-write-access', repo: target },
      });
    case 404:
      return new ModelNotFoundError(`${target}: ${answer}`, [target], {
        remedy: { code: 'check-repository', repo: target },
      });
    default:
      return status >= 500 || status === 429 || status === 408
        ? new ModelUnreachableError(`${target}: ${answer}`, status)
        : new ModelNotSavedError(target, `${target}: ${answer}`);
  }
}

/** The HTTP status of the client's `HubApiError`; by its shape, as there may be several copies of the client. */
export function statusOf(error: unknown): number | undefined {
  return numberIn(error, 'statusCode');
}

/** A text that may be shown to anybody. */
function withoutSecrets(text: string, token: string): string {
  return text
    .replaceAll(token, '(token)')
    .replace(/[?#][^\s?#]*=\S*/g, '')
    .replace(/\s+/g, ' ')
    .slice(0, 500);
}
