import type { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { createEmbedder } from '../../flags/embedder.js';
import { findInputFiles } from '../../input/input-files.js';
import { Output } from '../../output/output.js';
import { formatOfOutput, type SuffixFormats } from '../../output/output-suffix.js';
import { FailureError, UsageError } from '../../terminal/cli-error.js';
import { noticesFor } from '../../terminal/notice.js';
import { startStages } from '../../terminal/stage-progress.js';
import { counted, grouped, oneLine } from '../../terminal/terminal.js';
import { mapPage } from './map-page.js';
import type { MappedTexts } from './mapped-texts.js';
import { planeLayout } from './plane-layout.js';
import type { MapFormat, PlotFlags } from './plot-flags.js';
import { pointColors } from './point-colors.js';
import { seededRandom } from './random-sample.js';

/** With fewer texts, a list is better than a map. */
const FEWEST_TEXTS = 3;

const CONVERT = 'write an .svg and convert it, for example: rsvg-convert map.svg --output';

const MAP_SUFFIXES: SuffixFormats<MapFormat> = {
  formats: new Map([
    ['.svg', 'svg'],
    ['.html', 'html'],
    ['.htm', 'html'],
  ]),
  fallback: 'svg',
  conversions: new Map([
    ['.png', `${CONVERT} map.png`],
    ['.pdf', `${CONVERT} map.pdf --format pdf`],
  ]),
};

/** `m2v plot`. */
export async function plot(named: readonly string[], flags: PlotFlags): Promise<void> {
  if (named.length > 0 === (flags.collection !== undefined)) {
    throw new UsageError('pass either files, or a collection with --collection and --milvus');
  }
  const onNotice = noticesFor(flags);
  const files =
    flags.collection === undefined ? await findInputFiles(named, flags.inputFormat, onNotice) : [];
  const output = await Output.choose(
    flags.output,
    files.map(({ path }) => path),
  );
  const format = flags.format ?? formatOfOutput(flags.output, MAP_SUFFIXES, '--format');
  const sink = await output.open(false);
  const stages = startStages(flags.quiet !== true);
  try {
    const random = seededRandom(flags.seed);
    const embedder = await createEmbedder(flags);
    let drawn: { readonly picture: string; readonly summary: string };
    try {
      stages.show('reading');
      const texts =
        flags.collection === undefined
          ? await (await import('./mapped-files.js')).textsOfFiles(files, flags, random, onNotice)
          : await (await import('./mapped-collection.js')).textsOfCollection(
              flags.collection,
              embedder,
              flags,
              random,
            );
      drawn = await draw(texts, embedder, { ...flags, format }, random, (stage) => stages.show(stage));
    } finally {
      await embedder.close();
    }
    await sink.write(Buffer.from(drawn.picture));
    await sink.close();
    stages.stop();
    const place = output.path === undefined ? '' : ` in ${output.path}`;
    if (flags.quiet !== true) process.stderr.write(`${oneLine(drawn.summary)}${place}\n`);
  } catch (error) {
    stages.stop();
    await sink.discard();
    throw error;
  }
}

async function draw(
  { name, sample, rejected, colored }: MappedTexts,
  embedder: Model2VecEmbeddingFunction,
  flags: PlotFlags & { readonly format: MapFormat },
  random: () => number,
  show: (stage: string) => void,
): Promise<{ readonly picture: string; readonly summary: string }> {
  const all = sample.elements();
  show('embedding');
  const vectors = await embedder.encode(all.map(({ text }) => text));
  // A text without known tokens has no direction and would end up in the centre.
  const kept = all.map((_, i) => i).filter((i) => vectors.row(i).some((value) => value !== 0));
  if (kept.length < FEWEST_TEXTS) {
    throw new FailureError(
      `a map needs at least ${FEWEST_TEXTS} texts with known tokens; found ${kept.length} in ${name}`,
    );
  }
  const values = colored ? kept.map((i) => all[i]!.value) : undefined;
  if (flags.colorBy !== undefined && values?.every((value) => value === undefined || value === null)) {
    throw new UsageError(`no text of ${name} has a field "${flags.colorBy}"; pass another --color-by`);
  }
  show('computing the layout');
  const rows = kept.map((i) => vectors.row(i));
  const places = await planeLayout(rows, flags.method, random, (fraction) =>
    show(`computing the layout ${Math.floor(100 * fraction)}%`),
  );
  show('drawing');
  const { drawTextMap } = await import('./text-map.js');
  const part = sample.seen > all.length ? ` of ${grouped(sample.seen)}` : '';
  const title = flags.title ?? `${name}: ${grouped(kept.length)}${part} texts`;
  const svg = drawTextMap({
    title: oneLine(title),
    texts: kept.map((i) => all[i]!.text),
    places,
    colors: pointColors(values),
  });
  const left = [
    all.length > kept.length && `${counted(all.length - kept.length, 'text')} without known tokens`,
    rejected > 0 && `${counted(rejected, 'row')} that could not be read`,
  ].filter((each) => each !== false);
  const out = left.length > 0 ? `, without ${left.join(' and ')}` : '';
  return {
    picture: flags.format === 'html' ? mapPage(title, svg) : svg,
    summary: `${grouped(kept.length)}${part} texts by ${flags.method} as ${flags.format}${out}`,
  };
}
