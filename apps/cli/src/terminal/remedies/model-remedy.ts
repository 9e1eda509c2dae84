import type { ModelRemedy } from '@model2vec-ts/static-model';

/** What to do about a folder that cannot be used. */
const OBSTACLES: Readonly<Record<Extract<ModelRemedy, { code: 'save-elsewhere' }>['obstacle'], string>> = {
  'disk-full': 'free some space',
  'permission-denied': 'check the owner and the permissions',
  'read-only': 'make the file system writable',
  'not-a-folder': 'check the path',
  'name-too-long': 'shorten the name',
  unknown: 'check the folder',
};

/** Renders a remedy of the model loader with flags and commands. */
export function modelRemedyWords(remedy: ModelRemedy): string {
  switch (remedy.code) {
    case 'use-hub-id':
      return `use ${remedy.id}${placeWords(remedy)}`;
    case 'use-folder':
      return `use the folder ${remedy.folder}`;
    case 'use-subfolder':
      return `pass --subfolder ${remedy.subfolders.join(' or ')}`;
    case 'use-other-source':
      return 'use a folder, the URL of one, or a Hub id such as minishlab/potion-base-8M';
    case 'copy-model-files':
      return 'install the package of the model again';
    case 'use-local-model':
      return `without a network, use the bundled model (without --model), a folder, or a filled cache (guide: ${remedy.guide})`;
    case 'accept-terms':
      return `accept its terms at ${remedy.page}, and ${remedy.token === 'missing' ? 'set HF_TOKEN or run hf auth login' : 'check that the token belongs to that account'}`;
    case 'check-access':
      return `check the name, or ${tokenWords(remedy)}`;
    case 'pass-token':
      return 'set HF_TOKEN or run hf auth login';
    case 'check-write-access':
      return `check that the token may write to ${remedy.repo}`;
    case 'check-repository':
      return `check the name and the revision of ${remedy.repo}`;
    case 'pass-fetch':
      return remedy.reason === 'credentials'
        ? 'remove them, or download the files and use their folder'
        : 'correct it';
    case 'set-proxy-credentials':
      return 'write them into the proxy variable as http://name:password@host';
    case 'check-endpoint':
      return 'check HF_ENDPOINT and the proxy';
    case 'retry':
      return remedy.seconds === undefined ? 'try again later' : `try again in ${remedy.seconds} s`;
    case 'allow-requests':
      return remedy.setBy === 'localFilesOnly'
        ? 'download it with m2v models pull'
        : `run the command once without ${remedy.setBy}`;
    case 'list-cached-models':
      return 'm2v models ls lists the cached models';
    case 'use-other-cache':
      return `${OBSTACLES[remedy.obstacle]}, or set HF_HUB_CACHE to another folder`;
    case 'save-elsewhere':
      return `${OBSTACLES[remedy.obstacle]}, or pass another --output`;
    case 'save-to-memory':
      return 'run m2v with Node';
    case 'convert-dtype':
      return `convert it first with m2v quantize --dtype ${remedy.dtype}, which keeps every value`;
    case 'use-unquantized-model':
      return 'begin with a model without a mapping';
    case 'save-as-safetensors':
      return 'save it as a Model2Vec model with a single model.safetensors, or distil one from it';
    case 'pull-lfs':
      return 'download the content with git lfs pull';
    case 'install-package':
      return `run npm install ${remedy.packageName} (with --global if m2v is installed globally)`;
  }
}

function placeWords({ revision, subfolder }: Extract<ModelRemedy, { code: 'use-hub-id' }>): string {
  const flags = [
    revision !== undefined && `--revision ${revision}`,
    subfolder !== undefined && `--subfolder ${subfolder}`,
  ].filter((flag) => flag !== false);
  return flags.length === 0 ? '' : ` with ${flags.join(' and ')}`;
}

function tokenWords({ token, tokenSource }: Extract<ModelRemedy, { code: 'check-access' }>): string {
  if (token === 'missing') return 'set HF_TOKEN or run hf auth login';
  return `check ${tokenSource === undefined ? 'the token' : `the token in ${tokenSource}`} and what it may read`;
}
