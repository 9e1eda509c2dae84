#!/usr/bin/env node
// Compares docs/guides/licenses.md with the licences of what the packages install, and refuses a licence that nobody has
// judged.
//   node scripts/check-licenses.mjs [--update]
// --update rewrites the page. Prints 'N passed, N failed'.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './project-install.mjs';
import { runProgram } from './publishing/program.mjs';
import { Report } from './publishing/report.mjs';
import { sideBySide } from './publishing/side-by-side.mjs';
import { publicPackages } from './publishing/workspace.mjs';
import { finish } from './suite.mjs';

const page = join(root, 'docs/guides/licenses.md');

/** Licences that ask for no more than their notice. */
const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'Unlicense',
]);
/** Other licences that were judged, with the packages that may have them. */
const JUDGED = {
  '(AFL-2.1 OR BSD-3-Clause)': ['json-schema'],
  'LGPL-3.0-or-later': ['memium', 'utilium'],
};

/** Returns the licences of a package's runtime dependencies: `{ licence: names }`. */
async function licencesOf({ name }) {
  const args = ['pnpm', 'licenses', 'list', '--prod', '--no-optional', '--json', '--filter', name];
  const { ok, stdout, output } = await runProgram('npx', args, { cwd: root });
  if (!ok) throw new Error(`pnpm cannot list the licences of ${name}:\n${output}`);
  const start = stdout.indexOf('{');
  // pnpm prints a sentence if there is no dependency.
  const found = start < 0 ? {} : JSON.parse(stdout.slice(start));
  const isOwn = (dependency) => dependency.startsWith('@model2vec-ts/');
  return Object.fromEntries(
    Object.entries(found)
      .map(([licence, packages]) => [
        licence,
        packages
          .map((each) => each.name)
          .filter((dependency) => !isOwn(dependency))
          .sort(),
      ])
      .filter(([, names]) => names.length > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function row({ name }, licences) {
  const listed = Object.entries(licences).map(([licence, names]) =>
    PERMISSIVE.has(licence) ? licence : `**${licence}**: ${names.map((each) => `\`${each}\``).join(', ')}`,
  );
  return `| \`${name}\` | ${listed.join(', ') || 'no dependencies'} |`;
}

const report = new Report();
const rows = [];
const packages = publicPackages();
await sideBySide(packages.entries(), 2, async ([i, each]) => {
  const licences = await licencesOf(each);
  rows[i] = row(each, licences);
  const problems = Object.entries(licences)
    .filter(([licence]) => !PERMISSIVE.has(licence))
    .flatMap(([licence, names]) =>
      names
        .filter((name) => !JUDGED[licence]?.includes(name))
        .map(
          (name) => `${name} has the licence ${licence}, which is not listed in scripts/check-licenses.mjs`,
        ),
    );
  report.check(`${each.name}: licences of its dependencies`, problems);
});

const text = `# Licences

The packages are MIT. This table lists the licences of what npm installs with each of them, and names the packages whose licence asks for
more than its notice. It leaves out the packages of this project: their own rows count for whoever depends on them.
\`node scripts/check-licenses.mjs\` compares the table with the installed dependencies, and refuses a licence that is not listed there.

| Package | Licences of its dependencies |
| --- | --- |
${rows.join('\n')}

\`memium\` and \`utilium\` come with the Milvus SDK, through its Parquet writer, which \`@model2vec-ts/milvus-adapter\` never calls. They are
plain JavaScript that npm installs beside your program. If you pass on a bundle that contains them, the LGPL asks you to name them, to
include its text, and to let users replace them.
`;
const isCurrent = (found) =>
  found.replaceAll(/ +\|/g, ' |').replaceAll(/-+/g, '-') ===
  text.replaceAll(/ +\|/g, ' |').replaceAll(/-+/g, '-');
if (process.argv.includes('--update')) writeFileSync(page, text);
else {
  let found = '';
  try {
    found = readFileSync(page, 'utf8');
  } catch {}
  report.check(
    'docs/guides/licenses.md',
    isCurrent(found) ? [] : ['it is out of date: run node scripts/check-licenses.mjs --update'],
  );
}
finish(report.results);
