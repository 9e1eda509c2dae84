import type { ModelAdvice, ModelRemedy } from '../remedy.js';

export function useFolder(folder: string): ModelAdvice {
  return { remedy: { code: 'use-folder', folder }, advice: `pass the folder ${folder}` };
}

export function useSubfolder(subfolders: readonly string[]): ModelAdvice {
  const names = subfolders.map((name) => JSON.stringify(name));
  return { remedy: { code: 'use-subfolder', subfolders }, advice: `pass subfolder: ${names.join(' or ')}` };
}

export function useOtherSource(): ModelAdvice {
  return {
    remedy: { code: 'use-other-source' },
    advice:
      'pass a folder, the URL of one, a Hub id such as "minishlab/potion-base-8M", or the bytes of the files',
  };
}

export function copyModelFiles(): ModelAdvice {
  return {
    remedy: { code: 'copy-model-files' },
    advice: "if a bundler built this program, copy the model's folder there, or pass the URL of another",
  };
}

export function passFetch(reason: Extract<ModelRemedy, { code: 'pass-fetch' }>['reason']): ModelAdvice {
  return {
    remedy: { code: 'pass-fetch', reason },
    advice:
      reason === 'credentials'
        ? 'remove them, and pass a fetch that sends them as a header'
        : 'correct it, or pass a fetch that uses your proxy',
  };
}

export function retry(seconds?: number): ModelAdvice {
  return {
    remedy: { code: 'retry', seconds },
    advice: seconds === undefined ? 'try again later' : `try again in ${seconds} s`,
  };
}

export function saveAsSafetensors(): ModelAdvice {
  return {
    remedy: { code: 'save-as-safetensors' },
    advice: 'save it as a Model2Vec model with a single model.safetensors, or distil one from it',
  };
}
