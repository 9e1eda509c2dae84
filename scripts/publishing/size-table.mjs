import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('size-ceilings.json', import.meta.url));

/** Headroom above the current size: a ceiling should stop accidents, not every added line. */
const ROOM = 1.08;
const kilobytes = (bytes) => (bytes / 1000).toFixed(1);

/** Prints each package's size and ceiling. Returns the packages above their ceiling. */
export function sizeProblems(packages, { update }) {
  const ceilings =
    update || !existsSync(file) ? ceilingsFor(packages) : JSON.parse(readFileSync(file, 'utf8'));
  if (update) writeFileSync(file, `${JSON.stringify(ceilings, null, 2)}\n`);
  const rows = packages.map(({ name, files, packedBytes, unpackedBytes }) => {
    const ceiling = ceilings[name];
    const limit = (key) => (ceiling ? kilobytes(ceiling[key]) : 'none');
    return [
      name,
      String(files.length),
      kilobytes(unpackedBytes),
      limit('unpacked'),
      kilobytes(packedBytes),
      limit('gzip'),
    ];
  });
  printTable(['package', 'files', 'unpacked kB', 'ceiling', 'gzip kB', 'ceiling'], rows);
  return packages.map(({ name, packedBytes, unpackedBytes }) => {
    const ceiling = ceilings[name];
    if (ceiling === undefined) return [`${name} has no ceiling in scripts/publishing/size-ceilings.json`];
    return [
      ['unpacked', unpackedBytes, ceiling.unpacked],
      ['gzip', packedBytes, ceiling.gzip],
    ]
      .filter(([, bytes, limit]) => bytes > limit)
      .map(([kind, bytes, limit]) => `${name} weighs ${bytes} bytes ${kind}, and may weigh ${limit}`);
  });
}

function ceilingsFor(packages) {
  const above = (bytes) => Math.ceil((bytes * ROOM) / 1000) * 1000;
  return Object.fromEntries(
    packages.map(({ name, packedBytes, unpackedBytes }) => [
      name,
      { unpacked: above(unpackedBytes), gzip: above(packedBytes) },
    ]),
  );
}

function printTable(head, rows) {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  for (const row of [head, ...rows])
    console.log(
      `     ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ')}`,
    );
}
