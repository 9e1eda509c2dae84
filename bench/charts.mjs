#!/usr/bin/env node
// Draws measured results as SVG: node bench/charts.mjs [--out docs/guides/charts] [RESULT.json …]
// Without names it reads bench/results/*.json. Two shapes make charts; a file without either is named and passed over:
//   { "charts": [{ "name": "encode", "title": "…", "unit": "texts a second", "log": false,
//                  "bars": [{ "label": "this project", "value": 405000, "ours": true, "group": "one thread" }, …] }, …] }
//   { "kind": "quantize", "forms": [{ "name": "int8", "bytes": 8000000, "neighbours": 0.97 }, …] }, of bench/quantize.mjs
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
// The CLI uses the same libraries to draw.
import * as Plot from '../apps/cli/node_modules/@observablehq/plot/src/index.js';
import { parseHTML } from '../apps/cli/node_modules/linkedom/esm/index.js';

const say = (line) => process.stdout.write(`${line}\n`);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string', default: here('../docs/guides/charts') } },
});
const files = positionals.length > 0 ? positionals : resultsIn(here('results'));

function resultsIn(folder) {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

const SVG = 'http://www.w3.org/2000/svg';
const OURS = '#2f6fde';
const THEIRS = '#9aa3ad';
const STYLE = `
.chart { color: #1b1f24; background: #fff; --plot-background: #fff; }
@media (prefers-color-scheme: dark) { .chart { color: #e6e8ea; background: #16191d; --plot-background: #16191d; } }
`;

function drawn(title, options) {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = Plot.plot({ document, className: 'chart', width: 720, marginTop: 48, ...options });
  svg.setAttribute('xmlns', SVG);
  svg.setAttribute('role', 'img');
  for (const [name, text] of [
    ['title', title],
    ['style', STYLE],
  ]) {
    const element = document.createElementNS(SVG, name);
    element.textContent = text;
    svg.prepend(element);
  }
  return `${svg.outerHTML}\n`;
}

const heading = (title) =>
  Plot.text([title], {
    frameAnchor: 'top-left',
    dx: -4,
    dy: -34,
    fontSize: 14,
    fontWeight: 'bold',
    textAnchor: 'start',
  });

/** Draws horizontal bars in the given order, each with its value. */
function bars({ title, unit = '', log = false, bars: given }) {
  const rows = given.filter(({ value }) => Number.isFinite(value) && (!log || value > 0));
  if (rows.length === 0) return undefined;
  const names = rows.map(({ label, group }) => (group === undefined ? label : `${label}, ${group}`));
  const value = (row) => row.value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
  const least = log ? Math.min(...rows.map((row) => row.value)) / 2 : 0;
  const place = { y: (_, i) => names[i], sort: null };
  return drawn(title, {
    height: 96 + 30 * rows.length,
    marginBottom: 44,
    marginLeft: 28 + 6.6 * Math.max(...names.map((name) => name.length)),
    marginRight: 70,
    x: {
      type: log ? 'log' : 'linear',
      label: log ? `${unit} (each step ten times the last)` : unit,
      grid: true,
      ticks: 6,
    },
    y: { domain: names, label: null },
    style: { fontSize: '12px' },
    marks: [
      heading(title),
      Plot.barX(rows, { ...place, x1: () => least, x2: 'value', fill: ({ ours }) => (ours ? OURS : THEIRS) }),
      Plot.text(rows, { ...place, x: 'value', text: value, dx: 4, textAnchor: 'start' }),
    ],
  });
}

/** Draws forms of a model by size and by kept neighbours. */
function forms({ forms: given }) {
  const rows = given.map(({ name, bytes, neighbours }) => ({
    name,
    megabytes: bytes / 1e6,
    kept: 100 * neighbours,
    ours: !/python/i.test(name),
  }));
  const title = 'Forms of a model: % of the ten nearest texts that stay, by megabytes on disk';
  const frame = { width: 720, height: 460, left: 40, right: 24, top: 56, bottom: 44 };
  const sizes = rows.map(({ megabytes }) => megabytes);
  const x = { type: 'log', domain: [Math.min(...sizes) / 1.5, Math.max(...sizes) * 2.5] };
  const y = { domain: [Math.min(...rows.map(({ kept }) => kept)) - 8, 104] };
  const labels = placed(rows, x.domain, y.domain, frame);
  const text = (anchor) =>
    Plot.text(
      labels.filter((label) => label.anchor === anchor),
      {
        x: 'megabytes',
        y: 'kept',
        text: 'name',
        dx: anchor === 'start' ? 9 : -9,
        textAnchor: anchor,
        fill: 'currentColor',
      },
    );
  return drawn(title, {
    width: frame.width,
    height: frame.height,
    marginTop: frame.top,
    marginLeft: frame.left,
    marginRight: frame.right,
    marginBottom: frame.bottom,
    x: { ...x, label: null, grid: true, ticks: [1, 2, 5, 10, 20, 50], tickFormat: String },
    y: { ...y, label: null, grid: true },
    style: { fontSize: '12px' },
    marks: [
      heading(title),
      text('start'),
      text('end'),
      Plot.dot(rows, { x: 'megabytes', y: 'kept', r: 5, fill: ({ ours }) => (ours ? OURS : THEIRS) }),
    ],
  });
}

/** Places names next to their points, on a free side; omits names that fit on neither. */
function placed(rows, [left, right], [bottom, top], frame) {
  const points = rows.map((row) => ({
    row,
    x:
      frame.left +
      (Math.log(row.megabytes / left) / Math.log(right / left)) * (frame.width - frame.left - frame.right),
    y: frame.top + ((top - row.kept) / (top - bottom)) * (frame.height - frame.top - frame.bottom),
  }));
  const taken = points.map(({ x, y }) => ({ x1: x - 6, x2: x + 6, y1: y - 6, y2: y + 6 }));
  const labels = [];
  for (const { row, x, y } of points) {
    const length = 10 + 6.4 * row.name.length;
    for (const anchor of ['start', 'end']) {
      const [x1, x2] = anchor === 'start' ? [x + 7, x + length] : [x - length, x - 7];
      const box = { x1, x2, y1: y - 6, y2: y + 6 };
      const inside = x1 > frame.left && x2 < frame.width;
      if (!inside || taken.some((b) => b.x1 < box.x2 && box.x1 < b.x2 && b.y1 < box.y2 && box.y1 < b.y2))
        continue;
      taken.push(box);
      labels.push({ ...row, anchor });
      break;
    }
  }
  return labels;
}

mkdirSync(flags.out, { recursive: true });
let written = 0;
function write(name, svg) {
  if (svg === undefined) return;
  const file = join(flags.out, `${name.replace(/[^\w.-]+/g, '-')}.svg`);
  writeFileSync(file, svg);
  say(file);
  written++;
}

for (const file of files) {
  const name = basename(file, '.json');
  let result;
  try {
    result = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    say(`${file}: passed over: ${error.message}`);
    continue;
  }
  const charts = Array.isArray(result?.charts)
    ? result.charts.filter((chart) => Array.isArray(chart?.bars))
    : [];
  if (result?.kind === 'quantize' && Array.isArray(result.forms)) write(name, forms(result));
  else if (charts.length === 0) say(`${file}: passed over: it has no "charts" with "bars"`);
  for (const [i, chart] of charts.entries()) {
    write(chart.name ?? `${name}-${i + 1}`, bars({ title: name, ...chart }));
  }
}
say(`${written} charts`);
