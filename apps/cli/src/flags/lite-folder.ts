import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { type MilvusOptions, parseAddress } from '@model2vec-ts/milvus-adapter';
import { FailureError } from '../terminal/cli-error.js';

/**
 * Throws if the address names a folder that does not exist. Commands that only read call it, because Milvus Lite would
 * create an empty folder from a typing error.
 */
export function requireThere({ address }: MilvusOptions): void {
  const parsed = parseAddress(address);
  if (parsed.kind === 'server' || existsSync(parsed.folder.replace(/^~(?=\/|$)/, homedir()))) return;
  throw new FailureError(`the folder ${parsed.folder} does not exist`, {
    remedy: { code: 'run-command', command: 'm2v index', effect: 'creates one' },
  });
}
