import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { root } from '../project-install.mjs';

/** File patterns that a package may contain. */
const PUBLISHED = /^(?:dist\/|src\/|model\/|package\.json$|README\.md$|LICENSE$|NOTICE$|CHANGELOG\.md$)/;
const UNWANTED = [
  ['a test', /\.(?:test|bench)\.[cm]?[jt]sx?(?:\.map)?$/],
  ['a fixture', /(?:^|\/)(?:fixtures|__snapshots__)\//],
  ['a file of the build', /\.tsbuildinfo$|(?:^|\/)tsconfig[^/]*\.json$/],
];
const REQUIRED = ['package.json', 'README.md', 'LICENSE'];
const TEXT = /\.(?:[cm]?[jt]s|json|map|md)$/;
/** Scripts that npm would run on a user's machine. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare'];

/** Returns the problems of a packed package's files and package.json. */
export function packedFileProblems({ contents, files, manifest }) {
  const paths = new Set(files.map(({ path }) => path));
  const problems = REQUIRED.filter((path) => !paths.has(path)).map((path) => `${path} is missing`);
  // Matches folders of the build machine, but not text that merely resembles one.
  const folders = [root, join(homedir(), '/'), '/home/runner/', '/Users/'].map((path) =>
    path.replaceAll('\\', '/'),
  );
  for (const path of paths) {
    if (!PUBLISHED.test(path)) problems.push(`${path} is not of a kind that is published`);
    for (const [kind, pattern] of UNWANTED) if (pattern.test(path)) problems.push(`${path} is ${kind}`);
    if (path.startsWith('model/') || !TEXT.test(path)) continue;
    const text = readFileSync(join(contents, path), 'utf8');
    for (const folder of folders)
      if (text.includes(folder)) problems.push(`${path} names the folder ${folder}`);
    if (path.endsWith('.map')) problems.push(...missingSources(path, JSON.parse(text), paths));
  }
  for (const script of INSTALL_SCRIPTS)
    if (manifest.scripts?.[script]) problems.push(`package.json has the script ${script}`);
  for (const group of ['dependencies', 'peerDependencies', 'optionalDependencies'])
    for (const [name, range] of Object.entries(manifest[group] ?? {}))
      if (!/^[\^~]?\d/.test(range))
        problems.push(`package.json asks for ${name} ${range}, which npm cannot resolve`);
  for (const key of ['description', 'license', 'engines', 'exports', 'files'])
    if (manifest[key] === undefined) problems.push(`package.json has no ${key}`);
  return problems;
}

/** A source map must refer to published sources or contain them. */
function missingSources(path, { sources, sourcesContent }, paths) {
  return sources
    .map((source) => posix.join(dirname(path), source))
    .filter((source, i) => sourcesContent?.[i] == null && !paths.has(source))
    .map((source) => `${path} leads to ${source}, which is not there`);
}
