import type { Teacher } from '@model2vec-ts/distill';
import { megabytes } from '../../output/model-writer.js';
import type { StageProgress } from '../../terminal/stage-progress.js';
import { oneLine } from '../../terminal/terminal.js';
import type { MakingFlags } from './making-flags.js';

/** Loads the teacher of a command, showing its download. */
export async function openTeacher(
  source: string,
  flags: Pick<MakingFlags, 'teacherName' | 'teacherRevision' | 'threads'>,
  stages: StageProgress,
  signal: AbortSignal,
): Promise<Teacher> {
  const { loadTeacher } = await import('@model2vec-ts/distill');
  stages.show('loading the teacher');
  return loadTeacher(source, {
    ...(flags.teacherRevision !== undefined && { revision: flags.teacherRevision }),
    name: flags.teacherName,
    threads: flags.threads,
    signal,
    onProgress: ({ file, loadedBytes, totalBytes }) => {
      const share = totalBytes ? ` of ${megabytes(totalBytes)}` : '';
      stages.show(`downloading ${oneLine(file)}: ${megabytes(loadedBytes)}${share}`);
    },
  });
}
