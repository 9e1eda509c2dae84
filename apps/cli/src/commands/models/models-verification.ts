import { listCachedModels, verifyCachedModel } from '@model2vec-ts/static-model/hub-cache';
import { StreamSink } from '../../output/stream-sink.js';
import { FailureError } from '../../terminal/cli-error.js';
import { colorsFor, counted, oneLine } from '../../terminal/terminal.js';
import { type CacheFlags, cacheOptions, type ModelSpec } from './models-flags.js';
import { shortCommit } from './models-listing.js';
import { shownBytes } from './models-size.js';

/** `m2v models verify`. */
export async function verify(model: ModelSpec | undefined, flags: CacheFlags): Promise<void> {
  const options = cacheOptions(flags);
  const specs = model
    ? [model]
    : [...new Set((await listCachedModels(options)).map(({ id }) => id))].map((id): ModelSpec => ({ id }));
  const out = new StreamSink(process.stdout);
  const colors = colorsFor(process.stdout);
  const bad: string[] = [];
  let files = 0;
  for (const spec of specs) {
    for (const version of await verifyCachedModel(spec.id, { ...spec, ...options })) {
      const named = `${version.id}@${shortCommit(version)}`;
      for (const { path, state, bytes } of version.checks) {
        files++;
        const isBad = state === 'damaged' || state === 'missing';
        if (isBad) bad.push(`${named} ${path}`);
        if (flags.quiet === true && !isBad) continue;
        const shown = (isBad ? colors.red : colors.dim)(state.padEnd('damaged'.length));
        await out.write(Buffer.from(`${shown}  ${named}  ${oneLine(path)}  ${shownBytes(bytes)}\n`));
      }
    }
  }
  if (bad.length > 0) {
    throw new FailureError(
      `${bad.length} of ${counted(files, 'file')} differ from the Hub: ${bad.slice(0, 3).join(', ')}${bad.length > 3 ? ', …' : ''}`,
      { remedy: { code: 'run-command', command: 'm2v models pull', effect: 'downloads them again' } },
    );
  }
  if (flags.quiet !== true) await out.write(Buffer.from(`${counted(files, 'file')} checked\n`));
}
