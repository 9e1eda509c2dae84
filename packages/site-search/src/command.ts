#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { buildSiteIndex } from './build/build-site-index.js';

const HELP = `usage: site-search FOLDER [options]

Index the HTML files of a built site, for the client of @model2vec-ts/site-search/browser.

  --out FOLDER      folder of the index (default: FOLDER/site-search)
  --model SOURCE    model that embeds passages and queries: a folder, a URL or a Hugging Face Hub id
                    (default: the model of @model2vec-ts/model-minilm-l6-64)
  --dimensions N    columns of the model to use (default: 64)
  --help            print this help

example: site-search dist
`;

const OPTIONS = {
  out: { type: 'string' },
  model: { type: 'string' },
  dimensions: { type: 'string' },
  help: { type: 'boolean' },
} as const;

async function main(): Promise<number> {
  let call: ReturnType<typeof parsed>;
  try {
    call = parsed();
  } catch (error) {
    return failed(error, 2);
  }
  const { values, positionals } = call;
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [folder, ...others] = positionals;
  if (folder === undefined || others.length > 0) {
    return failed(new TypeError('expected one folder; see site-search --help'), 2);
  }
  try {
    const { out, pages, passages, files, bytes } = await buildSiteIndex({
      pages: folder,
      ...(values.out !== undefined && { out: values.out }),
      ...(values.model !== undefined && { model: values.model }),
      ...(values.dimensions !== undefined && { dimensions: Number(values.dimensions) }),
    });
    const size = `${(bytes / 1e6).toFixed(1)} MB`;
    process.stdout.write(`${out}: ${pages} pages, ${passages} passages, ${files} files, ${size}\n`);
    return 0;
  } catch (error) {
    return failed(error, 1);
  }
}

function parsed(): ReturnType<typeof parseArgs<{ allowPositionals: true; options: typeof OPTIONS }>> {
  return parseArgs({
    allowPositionals: true,
    options: OPTIONS,
  });
}

function failed(error: unknown, code: number): number {
  process.stderr.write(`site-search: ${error instanceof Error ? error.message : String(error)}\n`);
  return code;
}

process.exitCode = await main();
