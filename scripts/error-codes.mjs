// Collects the error codes of the packages from the comments in their code, for docs/guides/troubleshooting.md.
//   node scripts/error-codes.mjs --update    writes the tables into the guide
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const GUIDE = join(root, 'docs/guides/troubleshooting.md');
const TABLES = /(<!-- error codes -->\n)[\s\S]*?(\n<!-- end of error codes -->)/;
const UNION = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport type (\w+)ErrorCode =([^;]*);/;

/** Returns `{ name, error, codes: { code, meaning }[] }` for each package with a family of errors. */
export function errorFamilies() {
  return readdirSync(join(root, 'packages'))
    .sort()
    .flatMap((name) => {
      const folder = join(root, 'packages', name, 'src');
      const file = readdirSync(folder).find(
        (each) => each.endsWith('-error.ts') && hasCodes(join(folder, each)),
      );
      return file === undefined ? [] : [familyOf(name, readFileSync(join(folder, file), 'utf8'))];
    });
}

const hasCodes = (file) => UNION.test(readFileSync(file, 'utf8'));

function familyOf(name, source) {
  const [, comment, error, union] = UNION.exec(source);
  const text = comment.replaceAll(/\n \* {2,}/g, ' ');
  const meanings = new Map(
    Array.from(text.matchAll(/^ \* - `([^`]+)`: (.+)\.$/gm), ([, code, meaning]) => [
      code,
      sentence(meaning),
    ]),
  );
  const codes = Array.from(union.matchAll(/'([^']+)'/g), ([, code]) => ({
    code,
    meaning: meanings.get(code),
  }));
  return { name, error: `${error}Error`, codes };
}

const sentence = (text) => text[0].toUpperCase() + text.slice(1);

/** Returns the guide with the tables of the code. */
export function guideWithTables(guide = readFileSync(GUIDE, 'utf8')) {
  const tables = errorFamilies().map(({ name, error, codes }) =>
    [
      `### ${error}`,
      '',
      `Thrown by [\`@model2vec-ts/${name}\`](../../packages/${name}).`,
      '',
      ...table(codes.map(({ code, meaning }) => [`\`${code}\``, meaning.replaceAll('|', '\\|')])),
    ].join('\n'),
  );
  return guide.replace(TABLES, (_, begin, end) => `${begin}\n${tables.join('\n\n')}\n${end}`);
}

function table(rows) {
  const [first, second] = [0, 1].map((column) => Math.max(7, ...rows.map((row) => row[column].length)));
  const line = (a, b) => `| ${a.padEnd(first)} | ${b.padEnd(second)} |`;
  return [
    line('Code', 'Meaning'),
    `| ${'-'.repeat(first)} | ${'-'.repeat(second)} |`,
    ...rows.map(([a, b]) => line(a, b)),
  ];
}

if (process.argv[2] === '--update') writeFileSync(GUIDE, guideWithTables());
