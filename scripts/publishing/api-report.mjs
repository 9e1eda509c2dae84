import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { root } from '../project-install.mjs';
import { entryPoints } from './workspace.mjs';

/**
 * Compares the public surface of each entry point with the committed report in the package's `api/`. Returns the differences
 * as `{ specifier, problems }`; with `update` it rewrites the reports instead.
 */
export function apiReports({ name, folder, manifest }, { update, scratch }) {
  const committed = join(root, folder, 'api');
  const entries = entryPoints({ name, manifest }).map(({ specifier, target }) => ({
    specifier,
    types: join(root, folder, target.types),
    file: `${specifier.slice(name.length + 1).replaceAll('/', '.') || 'index'}.api.md`,
  }));
  if (update) mkdirSync(committed, { recursive: true });
  if (entries.length === 0) return [];
  const settings = entries.map((entry) => reportSettings({ ...entry, folder: join(root, folder), scratch }));
  // One program for all entries, because they share most of their files.
  const compilerState = CompilerState.create(settings[0], {
    additionalEntryPoints: entries.map(({ types }) => types),
    typescriptCompilerFolder,
  });
  const checked = entries.map(({ specifier, file }, i) => {
    const written = writeReport(settings[i], compilerState);
    const path = join(committed, file);
    if (update) writeFileSync(path, written);
    const known = existsSync(path) ? readFileSync(path, 'utf8').replaceAll('\r\n', '\n') : undefined;
    return { specifier, problems: reportProblems(`${folder}/api/${file}`, known, written) };
  });
  const files = new Set(entries.map(({ file }) => file));
  const left = existsSync(committed) ? readdirSync(committed).filter((file) => !files.has(file)) : [];
  if (update) for (const file of left) rmSync(join(committed, file));
  else if (left.length > 0)
    checked.push({
      specifier: name,
      problems: left.map((file) => `${folder}/api/${file} is of no entry point`),
    });
  return checked;
}

const typescriptCompilerFolder = join(root, 'node_modules/typescript');

function reportSettings({ folder, types, file, scratch }) {
  mkdirSync(scratch, { recursive: true });
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: types,
      newlineKind: 'lf',
      apiReport: {
        enabled: true,
        reportFileName: file,
        reportFolder: scratch,
        reportTempFolder: scratch,
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      compiler: {
        overrideTsconfig: {
          extends: join(root, 'tsconfig.base.json'),
          compilerOptions: {
            lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
            types: ['node'],
          },
          files: [types],
        },
      },
      messages: {
        // The report covers names and types; the TypeDoc build checks the descriptions.
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Warning } },
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.None },
          'ae-forgotten-export': { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  });
}

function writeReport(settings, compilerState) {
  const said = [];
  Extractor.invoke(settings, {
    localBuild: true,
    compilerState,
    typescriptCompilerFolder,
    messageCallback: (message) => {
      if (message.logLevel === ExtractorLogLevel.Error) said.push(message.text);
      message.handled = true;
    },
  });
  if (said.length > 0)
    throw new Error(`the surface of ${settings.mainEntryPointFilePath} cannot be read:\n${said.join('\n')}`);
  return readFileSync(settings.reportTempFilePath, 'utf8');
}

/** Lists the lines that only one of the two reports has. */
export function reportProblems(path, known, written) {
  if (known === written) return [];
  if (known === undefined) return [`${path} is missing; write it with npm run api:update`];
  const before = new Set(known.split('\n'));
  const after = new Set(written.split('\n'));
  const changes = [
    ...[...before].filter((line) => !after.has(line)).map((line) => `- ${line}`),
    ...[...after].filter((line) => !before.has(line)).map((line) => `+ ${line}`),
  ];
  const shown = changes.slice(0, 40).join('\n');
  return [`${path} differs; look at it, then npm run api:update\n${shown}`];
}
