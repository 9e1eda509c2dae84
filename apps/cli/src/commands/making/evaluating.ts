import { constants } from 'node:os';
import { basename } from 'node:path';
import type { Evaluated, EvaluateOptions, Score } from '@model2vec-ts/distill';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';
import { loadStaticModel } from '@model2vec-ts/static-model';
import { placeOptions } from '../../flags/model-flags.js';
import { StreamSink } from '../../output/stream-sink.js';
import { UsageError } from '../../terminal/cli-error.js';
import { startStages } from '../../terminal/stage-progress.js';
import { Stopping } from '../../terminal/stopping.js';
import { oneLine } from '../../terminal/terminal.js';
import type { EvaluateFlags } from './evaluate-flags.js';
import { openTeacher } from './open-teacher.js';
import { teacherCache } from './teacher-cache.js';

/** A set of texts with a measure of its own. */
interface Task {
  readonly name: string;
  run(evaluated: Evaluated, options: EvaluateOptions): Promise<readonly Score[]>;
}

/** A figure of a model. */
interface Result extends Score {
  readonly model: string;
  readonly task: string;
}

/** `m2v evaluate`. */
export async function evaluateModels(sources: readonly string[], flags: EvaluateFlags): Promise<void> {
  const tasks = await tasksOf(flags);
  if (tasks.length === 0) throw new UsageError('name at least one of --retention, --pairs and --retrieval');
  const stopping = new Stopping();
  const stages = startStages(flags.quiet !== true);
  const results: Result[] = [];
  try {
    const measure = async (model: string, evaluated: Evaluated): Promise<void> => {
      for (const task of tasks) {
        const scores = await task.run(evaluated, {
          signal: stopping.signal,
          onProgress: (part) =>
            stages.show(`${oneLine(model)}, ${oneLine(task.name)}: ${Math.floor(100 * part)}%`),
        });
        for (const score of scores) results.push({ model, task: task.name, ...score });
      }
    };
    for (const source of sources) {
      stages.show(`loading ${oneLine(source)}`);
      await measure(
        source,
        source === 'bundled'
          ? await loadStaticModel(minilmL6)
          : await loadStaticModel(source, placeOptions(flags)),
      );
    }
    if (flags.teacher !== undefined) {
      const { CachedTeacher } = await import('@model2vec-ts/distill');
      const teacher = await openTeacher(flags.teacher, flags, stages, stopping.signal);
      try {
        await measure(flags.teacher, await CachedTeacher.open(teacher, { cacheDir: teacherCache(flags) }));
      } finally {
        await teacher.close();
      }
    }
    stages.stop();
    const text = flags.json === true ? `${JSON.stringify(results, null, 2)}\n` : tableOf(results);
    await new StreamSink(process.stdout).write(Buffer.from(text));
  } catch (error) {
    stages.stop();
    if (stopping.by === undefined) throw error;
    process.exitCode = 128 + constants.signals[stopping.by];
  } finally {
    stopping.end();
  }
}

async function tasksOf({ retention = [], pairs = [], retrieval = [] }: EvaluateFlags): Promise<Task[]> {
  const evaluate = await import('@model2vec-ts/distill/evaluate');
  const tasks: Task[] = [];
  for (const file of retention) {
    const sets = await evaluate.readRetentionSets(file);
    sets.forEach((set, i) => {
      const part = sets.length > 1 ? `#${i + 1}` : '';
      tasks.push({
        name: basename(file).replace(/(\.json)?(\.gz)?$/, '') + part,
        run: (evaluated, options) => evaluate.evaluateRetention(evaluated, set, options),
      });
    });
  }
  for (const file of pairs) {
    const scored = await evaluate.readScoredPairs(file);
    tasks.push({
      name: basename(file),
      run: (evaluated, options) => evaluate.evaluateSimilarity(evaluated, scored, options),
    });
  }
  for (const folder of retrieval) {
    const set = await evaluate.readRetrievalSet(folder);
    tasks.push({
      name: basename(folder),
      run: (evaluated, options) => evaluate.evaluateRetrieval(evaluated, set, options),
    });
  }
  return tasks;
}

/** A line per task and figure, a column per model. */
function tableOf(results: readonly Result[]): string {
  const models = [...new Set(results.map(({ model }) => model))];
  const rows = new Map<string, string[]>();
  for (const { model, task, metric, value, low, high } of results) {
    const key = `${oneLine(task)}\u0000${metric}`;
    const cells = rows.get(key) ?? models.map(() => '');
    cells[models.indexOf(model)] = `${value.toFixed(4)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
    rows.set(key, cells);
  }
  const lines = [
    ['task', 'figure', ...models.map(oneLine)],
    ...Array.from(rows, ([key, cells]) => [...key.split('\u0000'), ...cells]),
  ];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
