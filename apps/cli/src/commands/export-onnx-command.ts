import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exportOnnx } from '@model2vec-ts/pooling-kernels/onnx';
import { checkModelFit, loadStaticModel } from '@model2vec-ts/static-model';
import { loadTokenizer } from '@model2vec-ts/tokenizer';
import type { Command } from 'commander';
import {
  addCommonFlags,
  addModelFlags,
  loadOptions,
  type ModelFlags,
  modelSource,
} from '../flags/model-flags.js';
import { AtomicFile } from '../output/atomic-file.js';
import { fileError } from '../terminal/file-error.js';
import { grouped } from '../terminal/terminal.js';

interface ExportFlags extends ModelFlags {
  readonly output: string;
  readonly normalize?: boolean;
  readonly quiet?: boolean;
}

/** Adds `m2v export-onnx`. */
export function addExportOnnxCommand(program: Command): void {
  const command = program
    .command('export-onnx')
    .summary('export a model for ONNX tools')
    .description(
      `Writes a model for ONNX tools: model.onnx, with the inputs input_ids and attention_mask, and the tokenizer's files.
The files are the same as from Python model2vec's exporter. transformers.js and ONNX Runtime load them.`,
    )
    .requiredOption('-o, --output <folder>', 'folder to write the files to; created if missing')
    .option('--normalize', "scale vectors to length 1 (default: the model's setting)")
    .option('--no-normalize', 'leave the length of vectors as it is');
  addCommonFlags(addModelFlags(command))
    .addHelpText(
      'after',
      `
Examples:
  $ m2v export-onnx --output onnx
  $ m2v export-onnx --model minishlab/potion-base-8M --quantize-to int8 --output onnx`,
    )
    .action((flags: ExportFlags) => exportModel(flags));
}

async function exportModel(flags: ExportFlags): Promise<void> {
  const model = await loadStaticModel(modelSource(flags), loadOptions(flags));
  const tokenizer = loadTokenizer(model.tokenizerJson);
  checkModelFit(model, tokenizer);
  const files = exportOnnx(model, tokenizer, { normalize: flags.normalize });
  try {
    await mkdir(flags.output, { recursive: true });
  } catch (cause) {
    throw fileError('write', flags.output, cause);
  }
  let written = 0;
  for (const [name, bytes] of Object.entries(files)) {
    await writeFile(join(flags.output, name), bytes);
    written += bytes.length;
  }
  if (flags.quiet) return;
  process.stderr.write(`${Object.keys(files).length} files, ${grouped(written)} bytes, in ${flags.output}\n`);
}

async function writeFile(path: string, bytes: Uint8Array): Promise<void> {
  const file = await AtomicFile.create(path);
  try {
    await file.write(bytes);
    await file.close();
  } catch (error) {
    await file.discard();
    throw error;
  }
}
