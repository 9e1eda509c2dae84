import { platform } from '#platform';
import { hubEndpoint } from '../hub/hub-endpoint.js';
import { checkToken, isHubId } from '../hub/hub-id.js';
import { allowRequests, passToken } from '../hub/hub-remedies.js';
import { type RetryPolicy, USUAL_RETRIES } from '../hub/retry.js';
import { ModelError, UnsupportedModelError } from '../model-error.js';
import { isBytes } from '../source/source-kind.js';
import type { StaticModel } from '../static-model.js';
import type { ModelCardFacts } from './model-card.js';
import { patientFetch } from './patient-fetch.js';
import { pushError, statusOf } from './push-error.js';
import { ModelNotSavedError } from './save-error.js';
import { installPackage } from './save-remedies.js';
import { modelFilesOf, type SavedModelFiles } from './save-static-model.js';

type HubClient = typeof import('@huggingface/hub');

/** Upload progress of a file. */
export interface PushProgress {
  /** Path of the file in the repository. */
  readonly file: string;
  /** Sent fraction, from 0 to 1. */
  readonly fraction: number;
}

/** Options of {@link pushToHub}. */
export interface PushToHubOptions {
  /** Repository `org/name`, created if missing. */
  readonly repo: string;
  /** Token with write access, sent only to the Hub's own host. @defaultValue `HF_TOKEN` */
  readonly token?: string;
  /** Whether a new repository is private; an existing one is unchanged. @defaultValue the account's setting */
  readonly private?: boolean;
  /** Branch, created if missing. @defaultValue `main` */
  readonly revision?: string;
  /** First line of the commit. @defaultValue `Upload model` */
  readonly message?: string;
  /** Folder inside the repository. @defaultValue its top */
  readonly subfolder?: string;
  /** Contents of `README.md`, or `false` for none. If it has no name, it gets the repository's. */
  readonly card?: ModelCardFacts | false;
  /** Address of the Hub or of a mirror. @defaultValue `HF_ENDPOINT`, else `https://huggingface.co` */
  readonly endpoint?: string;
  /** Stops the push, which then rejects with the signal's reason; the commit is made completely or not at all. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PushProgress) => void;
  /** Replaces the platform's `fetch`, for example to use a proxy. */
  readonly fetch?: typeof fetch;
}

/** Result of {@link pushToHub}. */
export interface PushedModel {
  /** Hash of the commit: a `revision` that never changes. */
  readonly commit: string;
  /** Address of the commit. */
  readonly url: string;
  /** Whether the repository was created. */
  readonly created: boolean;
}

/**
 * Uploads a model to the Hugging Face Hub in one commit, with a card, as Python's `StaticModel.push_to_hub` does.
 * Temporary failures are retried. Requires the package `@huggingface/hub`, which is loaded only by this function.
 *
 * @param model - a model, or files, for example from `modelFilesOf`
 * @throws {@link UnsupportedModelError} if `@huggingface/hub` is not installed
 * @throws {@link ModelRefusedError} if the token has no write access
 * @throws {@link ModelUnreachableError} if the Hub cannot be reached or keeps failing
 * @throws {@link ModelNotSavedError} if the Hub refuses the commit for another reason
 * @throws {@link ModelError} with the code `invalid-argument` for a wrong option
 *
 * @example
 * ```ts
 * import { loadStaticModel, quantizeModel } from '@model2vec-ts/static-model';
 * import { pushToHub } from '@model2vec-ts/static-model/push-to-hub';
 *
 * const model = await loadStaticModel('minishlab/potion-base-8M');
 * const { commit } = await pushToHub(await quantizeModel(model, { dtype: 'int8' }), {
 *   repo: 'my-name/potion-base-8M-int8',
 *   private: true,
 *   card: { baseModel: 'minishlab/potion-base-8M', license: 'mit' },
 * });
 * console.log(commit);
 * ```
 */
export function pushToHub(
  model: StaticModel | SavedModelFiles,
  options: PushToHubOptions,
): Promise<PushedModel> {
  return pushPatiently(model, options, USUAL_RETRIES);
}

/** {@link pushToHub} with a retry policy, so that tests can shorten it. */
export async function pushPatiently(
  model: StaticModel | SavedModelFiles,
  options: PushToHubOptions,
  retry: RetryPolicy,
): Promise<PushedModel> {
  const {
    repo,
    revision = 'main',
    message = 'Upload model',
    signal = new AbortController().signal,
  } = options;
  signal.throwIfAborted();
  const token = checkedOptions(options);
  const endpoint = hubEndpoint(options.endpoint);
  const files = isModel(model) ? filesOf(model, options) : model;
  const client = await loadClient();
  const access = {
    repo: { type: 'model', name: repo },
    accessToken: token,
    hubUrl: endpoint.href.replace(/\/$/, ''),
    fetch: patientFetch(options.fetch ?? globalThis.fetch.bind(globalThis), retry, signal),
  } as const;
  try {
    const created = await createRepository(client, access, options.private);
    if (revision !== 'main') await client.createBranch({ ...access, branch: revision, overwrite: true });
    const commit = client.commitIter({
      ...access,
      branch: revision,
      title: message,
      operations: Object.entries(files).map(([path, bytes]) => ({
        operation: 'addOrUpdate',
        path,
        content: new Blob([bytes as Uint8Array<ArrayBuffer>]),
      })),
      abortSignal: signal,
    });
    for (;;) {
      const { done, value } = await commit.next();
      signal.throwIfAborted();
      if (done) {
        if (value === undefined) throw new ModelNotSavedError(repo, `${repo}: the Hub reported no commit`);
        return { commit: value.commit.oid, url: value.commit.url, created };
      }
      if (value.event === 'fileProgress' && value.state === 'uploading') {
        options.onProgress?.({ file: value.path, fraction: value.progress });
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    throw pushError(error, { target: revision === 'main' ? repo : `${repo}@${revision}`, token });
  }
}

function isModel(model: StaticModel | SavedModelFiles): model is StaticModel {
  return 'table' in model && !isBytes(model.table) && isBytes(model.tokenizerJson);
}

function filesOf(model: StaticModel, { repo, card = {}, subfolder }: PushToHubOptions): SavedModelFiles {
  return modelFilesOf(model, {
    card: card && { name: repo, ...card },
    ...(subfolder !== undefined && { subfolder }),
  });
}

/** Checks the options before the first request, and finds the token. */
function checkedOptions({ repo, token, revision, message }: PushToHubOptions): string {
  if (typeof repo !== 'string' || !isHubId(repo)) {
    throw new ModelError(
      'invalid-argument',
      `repo must be a Hub id org/name; found ${JSON.stringify(String(repo).slice(0, 100))}`,
    );
  }
  for (const [name, value] of Object.entries({ revision, message })) {
    if (value === '') throw new ModelError('invalid-argument', `${name} is empty`);
  }
  if (
    ['1', 'ON', 'YES', 'TRUE'].includes(platform.environmentVariable('HF_HUB_OFFLINE')?.toUpperCase() ?? '')
  ) {
    throw new ModelError(
      'invalid-argument',
      `${repo}: HF_HUB_OFFLINE forbids requests to the Hub`,
      allowRequests('HF_HUB_OFFLINE'),
    );
  }
  const found = token ?? platform.environmentVariable('HF_TOKEN');
  if (found === undefined) {
    throw new ModelError('invalid-argument', `${repo}: writing to the Hub needs a token`, passToken());
  }
  checkToken(found);
  if (found.startsWith('hf_')) return found;
  // The Hub's client accepts no other tokens.
  throw new ModelError('invalid-argument', 'the token must begin with hf_, as tokens of the Hub do');
}

async function loadClient(): Promise<HubClient> {
  try {
    return await import('@huggingface/hub');
  } catch (cause) {
    throw new UnsupportedModelError('pushToHub needs the package @huggingface/hub, which cannot be loaded', {
      cause,
      ...installPackage('@huggingface/hub'),
    });
  }
}

/** @returns whether it was created */
async function createRepository(
  client: HubClient,
  access: Parameters<HubClient['repoExists']>[0] & { readonly accessToken: string },
  isPrivate: boolean | undefined,
): Promise<boolean> {
  if (await client.repoExists(access)) return false;
  try {
    await client.createRepo({
      ...access,
      ...(isPrivate !== undefined && { visibility: isPrivate ? 'private' : 'public' }),
    });
    return true;
  } catch (error) {
    // Another process created it meanwhile, or an answer was lost.
    if (statusOf(error) === 409) return false;
    throw error;
  }
}
