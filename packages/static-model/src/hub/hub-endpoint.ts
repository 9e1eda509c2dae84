import { platform } from '#platform';
import { ModelError } from '../model-error.js';
import { passToken } from './hub-remedies.js';

const DEFAULT_ENDPOINT = 'https://huggingface.co';

/** Address of the Hub: the option, else `HF_ENDPOINT`, as in the Hub's own clients. */
export function hubEndpoint(option?: string | undefined): URL {
  const [name, endpoint] =
    option === undefined
      ? ['HF_ENDPOINT', platform.environmentVariable('HF_ENDPOINT') ?? DEFAULT_ENDPOINT]
      : ['endpoint', option];
  if (/^https?:\/\//i.test(endpoint) && URL.canParse(endpoint)) {
    const url = new URL(endpoint);
    if (url.username === '' && url.password === '') return url;
    throw new ModelError('invalid-argument', `${name} contains a user name or password`, passToken());
  }
  throw new ModelError('invalid-argument', `${name} must be an http: or https: URL`);
}
