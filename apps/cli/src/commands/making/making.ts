import { constants } from 'node:os';
import type {
  AdaptedModel,
  AdaptOptions,
  AdaptProgress,
  DistillProgress,
  Teacher,
} from '@model2vec-ts/distill';
import type { StaticModel } from '@model2vec-ts/static-model';
import { megabytes, writeModel } from '../../output/model-writer.js';
import { duration } from '../../terminal/bar.js';
import { UsageError } from '../../terminal/cli-error.js';
import { noticesFor } from '../../terminal/notice.js';
import { startStages } from '../../terminal/stage-progress.js';
import { Stopping } from '../../terminal/stopping.js';
import { counted, grouped } from '../../terminal/terminal.js';
import type { MakingFlags, TextsFlags } from './making-flags.js';
import { openTeacher } from './open-teacher.js';
import { teacherCache } from './teacher-cache.js';
import { trainingTexts } from './training-texts.js';

/** A model and the end of the line that reports it. */
export interface MadeModel {
  readonly model: StaticModel;
  readonly facts: string;
}

/** Resources for making a model. */
export interface Making {
  readonly teacher: Teacher;
  readonly signal: AbortSignal;
  show(progress: AdaptProgress | DistillProgress): void;
}

/** Loads a teacher, makes a model and writes it; an interruption leaves no partial output. */
export async function makeModel(
  source: string,
  output: string,
  flags: MakingFlags,
  make: (making: Making) => Promise<MadeModel>,
): Promise<void> {
  const stopping = new Stopping();
  const stages = startStages(flags.quiet !== true);
  const begun = performance.now();
  try {
    const teacher = await openTeacher(source, flags, stages, stopping.signal);
    try {
      const line = progressLine();
      const { model, facts } = await make({
        teacher,
        signal: stopping.signal,
        show: (progress) => stages.show(line(progress)),
      });
      const bytes = await writeModel(model, output);
      stages.stop();
      if (flags.quiet === true) return;
      const { rows, dim, dtype } = model.table;
      process.stderr.write(
        `${megabytes(bytes)} in ${output}: ${grouped(rows)} × ${dim} ${dtype}${facts}, ${duration((performance.now() - begun) / 1000)}\n`,
      );
    } finally {
      await teacher.close();
    }
  } catch (error) {
    stages.stop();
    if (stopping.by === undefined) throw error;
    process.exitCode = 128 + constants.signals[stopping.by];
    const kept = teacherCache(flags) === undefined ? '' : '; the same command continues from the cache';
    process.stderr.write(`m2v: interrupted, nothing was written${kept}\n`);
  } finally {
    stopping.end();
  }
}

/** Adapts a model to the texts of the flags. */
export async function adapted(
  { teacher, signal, show }: Making,
  flags: MakingFlags & TextsFlags,
  options: Pick<AdaptOptions, 'from' | 'vocabulary' | 'dimensionality'>,
): Promise<MadeModel> {
  const { adapt } = await import('@model2vec-ts/distill');
  const notice = noticesFor(flags);
  const texts = await trainingTexts(flags.texts, flags, notice);
  const own = await trainingTexts(flags.own, flags, notice);
  const result = await adapt(teacher, texts, {
    ...options,
    own,
    ownWeight: flags.ownWeight,
    sentences: flags.sentences,
    lambda: flags.lambda,
    dtype: flags.dtype,
    prompt: flags.prompt,
    cacheDir: teacherCache(flags),
    threads: flags.threads,
    signal,
    onProgress: show,
  });
  return { model: result.model, facts: factsOf(result, texts.failed + own.failed) };
}

/** Whether texts are named. Refuses standard input named twice. */
export function namesTexts({ texts, own }: TextsFlags): boolean {
  if (texts?.includes('-') && own?.includes('-'))
    throw new UsageError('standard input is named twice; it can be read once');
  return texts !== undefined || own !== undefined;
}

function factsOf({ texts, cachedTexts, lambda, trials }: AdaptedModel, failed: number): string {
  const best = trials.find((trial) => trial.lambda === lambda);
  return [
    `, ${counted(texts, 'text')}`,
    cachedTexts > 0 ? ` (${grouped(cachedTexts)} from the cache)` : '',
    failed > 0 ? `, ${counted(failed, 'failed row')}` : '',
    `, lambda ${lambda}`,
    best === undefined ? '' : ` (keeps ${best.retention.toFixed(3)} of the teacher's ten nearest)`,
  ].join('');
}

const STAGES: Readonly<Record<(AdaptProgress | DistillProgress)['stage'], string>> = {
  tokens: 'passing tokens through the teacher',
  clusters: 'clustering tokens',
  components: 'finding principal components',
  texts: 'passing texts through the teacher',
  preparing: 'preparing the fit',
  choosing: 'choosing lambda',
  fitting: 'fitting',
};

/** Formats a stage and its remaining time. */
function progressLine(): (progress: AdaptProgress | DistillProgress) => string {
  let stage: string | undefined;
  let begun = 0;
  let from = 0;
  return (progress) => {
    const { done, total } = progress;
    if (progress.stage !== stage) {
      stage = progress.stage;
      begun = performance.now();
      from = done;
    }
    const seconds = (performance.now() - begun) / 1000;
    const words = STAGES[progress.stage];
    const rate = (done - from) / seconds;
    if (total === undefined) {
      const speed = rate > 0 && seconds > 0 ? `, ${grouped(Math.round(rate))}/s` : '';
      return `${words}: ${grouped(done)}${speed}`;
    }
    const left = rate > 0 ? `, ${duration((total - done) / rate)} left` : '';
    return `${words}: ${Math.floor((100 * done) / total)}%${left}`;
  };
}
