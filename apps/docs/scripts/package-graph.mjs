// Draws the packages and their dependencies from their package.json files when the site is built.
import dagre from '@dagrejs/dagre';
import { packagesAsPresented, publishedPackages } from './places.mjs';

const LINE = 18;
/** Dependencies that a package's box names, at most; the table names all. */
const NAMED = 4;

/** Returns the graph as an SVG in the page's colours. Arrows point from a dependency to its dependant. */
export function packageGraph() {
  const packages = publishedPackages();
  const own = new Set(packages.map(({ manifest }) => manifest.name));
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 22, ranksep: 40, marginx: 6, marginy: 6 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { name, manifest } of packages) {
    const outside = Object.keys(manifest.dependencies ?? {}).filter((dependency) => !own.has(dependency));
    const optional = Object.keys(manifest.peerDependencies ?? {});
    const shown = outside.length > NAMED ? outside.slice(0, NAMED - 1) : outside;
    const notes = [...shown.map((id) => `+ ${id}`), ...optional.map((id) => `(${id})`)];
    if (shown.length < outside.length) notes.push(`+ ${outside.length - shown.length} others`);
    const width = Math.max(name.length * 8.6, ...notes.map((note) => note.length * 7)) + 22;
    graph.setNode(manifest.name, { name, notes, width, height: 44 + notes.length * LINE });
  }
  for (const { manifest } of packages) {
    for (const dependency of Object.keys(manifest.dependencies ?? {})) {
      if (own.has(dependency)) graph.setEdge(dependency, manifest.name);
    }
  }
  // Omits arrows that follow from longer paths, because they would only cross others.
  for (const { v, w } of graph.edges()) {
    graph.removeEdge(v, w);
    if (!reaches(graph, v, w)) graph.setEdge(v, w);
  }
  dagre.layout(graph);

  const { width, height } = graph.graph();
  // HTML links, because VitePress cannot follow SVG's own.
  const nodes = graph.nodes().map((id) => {
    const { x, y, name, notes, width, height } = graph.node(id);
    const lines = notes.map((note) => `<span class="note">${note}</span>`).join('');
    return (
      `<foreignObject x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${round(width)}" height="${height}">` +
      `<a :href="withBase('/packages/${name}/')"><span class="name">${name}</span>${lines}</a></foreignObject>`
    );
  });
  const edges = graph.edges().map((edge) => {
    const [start, ...rest] = graph.edge(edge).points.map(({ x, y }) => `${round(x)} ${round(y)}`);
    const ends = `data-from="${graph.node(edge.v).name}" data-to="${graph.node(edge.w).name}"`;
    return `<path ${ends} d="M ${start} L ${rest.join(' L ')}" marker-end="url(#arrow)"/>`;
  });
  const said = packages.map(({ name, manifest }) => {
    const uses = Object.keys(manifest.dependencies ?? {}).map((id) => id.replace('@model2vec-ts/', ''));
    return `${name} uses ${uses.length > 0 ? uses.join(', ') : 'nothing'}`;
  });
  return [
    '<figure class="package-graph" tabindex="0" role="group" aria-label="The packages and their dependencies">',
    `<svg viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" role="group" aria-label="${escaped(said.join('; '))}.">`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M 0 0 L 8 4 L 0 8 z"/></marker></defs>',
    ...edges,
    ...nodes,
    '</svg>',
    '</figure>',
  ].join('\n');
}

/** Returns a Markdown table of each package's dependencies and import names. */
export function packageTable() {
  const rows = packagesAsPresented().map(({ name, manifest }) => {
    const { dependencies = {}, peerDependencies = {}, exports = {}, bin } = manifest;
    const code = (names) =>
      names.map((id) => `\`${id.replace('@model2vec-ts/', '')}\``).join(', ') || 'nothing';
    const imports = Object.keys(exports)
      .filter((path) => path !== './package.json')
      .map((path) => `\`${path}\``);
    const commands = Object.keys(bin ?? {}).map((command) => `command \`${command}\``);
    return `| [\`${name}\`](/packages/${name}/) | ${[...imports, ...commands].join(', ')} | ${code(Object.keys(dependencies))} | ${code(Object.keys(peerDependencies))} |`;
  });
  return [
    '| Package | Entry points | Depends on | Uses where it is installed |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function reaches(graph, from, to) {
  return graph.successors(from).some((next) => next === to || reaches(graph, next, to));
}

function round(value) {
  return Math.round(value * 10) / 10;
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
}
