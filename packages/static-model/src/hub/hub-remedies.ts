import { obstacleRemoval } from '../folder-obstacle.js';
import type { FolderObstacle, ModelAdvice, ModelRemedy, OfflineSetting, TokenState } from '../remedy.js';

export function useHubId({
  id,
  ...options
}: Omit<Extract<ModelRemedy, { code: 'use-hub-id' }>, 'code'>): ModelAdvice {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const words = given.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(', ');
  return {
    remedy: { code: 'use-hub-id', id, ...options },
    advice: `pass ${JSON.stringify(id)}${words && ` with ${words}`}`,
  };
}

export function useLocalModel(bundledPackage: string, guide: string): ModelAdvice {
  return {
    remedy: { code: 'use-local-model', bundledPackage, guide },
    advice: `without a network, use the model of ${bundledPackage}, pass a folder, or copy a filled cache (guide: ${guide})`,
  };
}

export function acceptTerms(page: string, token: TokenState): ModelAdvice {
  const then =
    token === 'missing' ? 'pass a token of that account' : 'check that the token belongs to that account';
  return {
    remedy: { code: 'accept-terms', page, token },
    advice: `accept its terms at ${page}, and ${then}`,
  };
}

export function checkAccess(token: TokenState, tokenSource?: string): ModelAdvice {
  const name = tokenSource === undefined ? 'the token' : `the token in ${tokenSource}`;
  return {
    remedy: { code: 'check-access', token, tokenSource },
    advice: `check the name, or ${token === 'missing' ? 'pass token' : `check ${name} and what it may read`}`,
  };
}

export function passToken(): ModelAdvice {
  return { remedy: { code: 'pass-token' }, advice: 'pass token, or set HF_TOKEN' };
}

export function setProxyCredentials(): ModelAdvice {
  return {
    remedy: { code: 'set-proxy-credentials' },
    advice: 'write them into the proxy variable as http://name:password@host',
  };
}

export function checkEndpoint(): ModelAdvice {
  return { remedy: { code: 'check-endpoint' }, advice: 'check endpoint, HF_ENDPOINT and the proxy' };
}

export function allowRequests(setBy: OfflineSetting): ModelAdvice {
  return {
    remedy: { code: 'allow-requests', setBy },
    advice: `load it once without ${setBy}, or pass another cacheDir`,
  };
}

export function listModels(): ModelAdvice {
  return { remedy: { code: 'list-cached-models' }, advice: 'listCachedModels() lists the cached models' };
}

export function useOtherCache(obstacle: FolderObstacle): ModelAdvice {
  return {
    remedy: { code: 'use-other-cache', obstacle },
    advice: `${obstacleRemoval(obstacle)}, or pass another cacheDir or set HF_HUB_CACHE`,
  };
}
