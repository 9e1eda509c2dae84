import { prepareRemoval, type Removal } from '@model2vec-ts/static-model/hub-cache';
import { StreamSink } from '../../output/stream-sink.js';
import { FailureError, UsageError } from '../../terminal/cli-error.js';
import { ask, canAsk } from '../../terminal/question.js';
import { counted } from '../../terminal/terminal.js';
import { cacheOptions, type ModelSpec, type RemovalFlags, shownSpec } from './models-flags.js';
import { shownBytes } from './models-size.js';

/** `m2v models rm`. */
export async function remove(model: ModelSpec, flags: RemovalFlags): Promise<void> {
  const asks = flags.yes !== true;
  if (asks && !canAsk()) {
    throw new UsageError(
      `removing ${shownSpec(model)} needs a confirmation, and there is no terminal to ask on`,
      {
        remedy: { code: 'pass-flag', flag: '--yes' },
      },
    );
  }
  const removal = await prepareRemoval(model.id, { ...model, ...cacheOptions(flags) });
  if (asks && !(await confirmed(model, removal))) throw new FailureError(`${shownSpec(model)} was kept`);
  await removal.run();
  if (flags.quiet !== true) {
    const line = `removed ${described(model, removal)}\n`;
    await new StreamSink(process.stdout).write(Buffer.from(line));
  }
}

async function confirmed(model: ModelSpec, removal: Removal): Promise<boolean> {
  return /^y(?:es)?$/i.test(await ask(`Remove ${described(model, removal)}? [y/N] `));
}

function described(model: ModelSpec, { revisions, bytes }: Removal): string {
  return `${shownSpec(model)} (${counted(revisions.length, 'version')}, ${shownBytes(bytes)})`;
}
