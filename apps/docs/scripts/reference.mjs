// Writes the reference: TypeDoc's Markdown pages for every entry point of the packages.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Application, Converter, LogLevel, ReflectionKind } from 'typedoc';
import { content, docs, packagesAsPresented, publishedPackages, root } from './places.mjs';

/** Returns every entry point of the published packages: import name and source file. */
function entryPointsOf({ folder, manifest }) {
  return Object.entries(manifest.exports ?? {}).flatMap(([subpath, conditions]) => {
    const source = conditions['@model2vec-ts/source'];
    return source ? [{ name: manifest.name + subpath.slice(1), file: join(root, folder, source) }] : [];
  });
}

/** Writes the reference into the site's content, and its sidebars to `reference/sidebar.json`. */
export async function writeReference() {
  // A symbol that several packages export gets its page in the first one, so dependencies come first.
  const entries = publishedPackages().flatMap(entryPointsOf);
  const folder = join(content, 'reference');
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown', 'typedoc-vitepress-theme'],
    entryPoints: entries.map(({ file }) => file),
    tsconfig: join(docs, 'tsconfig.reference.json'),
    // Another check compiles the sources.
    skipErrorChecking: true,
    sortEntryPoints: false,
    excludeInternal: true,
    excludePrivate: true,
    excludeExternals: true,
    disableSources: true,
    readme: 'none',
    docsRoot: content,
    out: folder,
    router: 'member',
    excludeScopesInPaths: true,
    parametersFormat: 'table',
    indexFormat: 'table',
    // Authors put what readers need first; inherited members follow.
    sort: ['source-order'],
    groupOrder: ['Constructors', 'Methods', '*'],
    logLevel: LogLevel.Warn,
  });
  // TypeDoc names a module by its file, but readers know its import name.
  const names = new Map(entries.map(({ name, file }) => [relative(join(root, 'packages'), file), name]));
  const summaries = new Map();
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      const name = names.get(`${module.name}.ts`) ?? names.get(`${module.name}/index.ts`);
      if (name === undefined) continue;
      module.name = name;
      const text = module.comment?.summary.map((part) => part.text).join('') ?? '';
      const exported = (module.children ?? []).slice(0, 4).map((child) => `\`${child.name}\``);
      const own = publishedPackages().find(({ manifest }) => manifest.name === name);
      summaries.set(
        name,
        text.split('\n\n')[0].replaceAll('\n', ' ') || own?.manifest.description || exported.join(', '),
      );
    }
  });
  const project = await app.convert();
  if (!project) throw new Error('TypeDoc could not read the packages');
  const bare = withoutExample(project);
  if (bare.length > 0) throw new Error(`exports without an @example: ${bare.join(', ')}`);
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error('TypeDoc complained, see above');

  shortenModulePages(folder);
  const contents = JSON.parse(readFileSync(join(folder, 'typedoc-sidebar.json'), 'utf8'));
  writeFileSync(join(folder, 'sidebar.json'), JSON.stringify(sidebarsOf(contents)));
  writeFileSync(join(folder, 'index.md'), overview(summaries));
}

/** Returns the names of the functions and classes whose comment has no example. */
function withoutExample(project) {
  return project
    .getReflectionsByKind(ReflectionKind.Function | ReflectionKind.Class)
    .filter((each) => ![each, ...(each.signatures ?? [])].some(({ comment }) => comment?.getTag('@example')))
    .map(({ name }) => name);
}

/**
 * Turns the headings of re-exported names into a list, one line each, and keeps the lists of names out of the site's search,
 * which has the page of each name.
 */
function shortenModulePages(folder) {
  const lists =
    /^## (?:Classes|Enumerations|Functions|Interfaces|References|Type Aliases|Variables)\n[\s\S]*/m;
  const reference = /^### .+\n\n(?:Renames and re-exports|Re-exports) (\[.+\]\(.+\))\n+(?:\*\*\*\n+)?/gm;
  for (const { name, parentPath } of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (name !== 'index.md') continue;
    const file = join(parentPath, name);
    const page = readFileSync(file, 'utf8').replaceAll(reference, '- $1\n');
    writeFileSync(
      file,
      page.replace(lists, (found) => `<div data-site-search-ignore>\n\n${found}\n</div>\n`),
    );
  }
}

/**
 * Returns the sidebar of each package's pages: the contents of the package, between links to the others. All contents in
 * one sidebar are 480 items, which make every page slow to start.
 */
function sidebarsOf(contents) {
  const groups = packagesAsPresented().flatMap(({ name, manifest }) => {
    const own = contents.find(({ text }) => text === manifest.name);
    const inside = contents
      .filter(({ text }) => text.startsWith(`${manifest.name}/`))
      .map((entry) => ({ ...entry, text: entry.text.slice(manifest.name.length) }));
    if (own === undefined && inside.length === 0) return [];
    const link = own?.link ?? inside[0].link;
    return [{ path: `/reference/${name}/`, text: name, link, items: [...(own?.items ?? []), ...inside] }];
  });
  const sidebarAt = (path) =>
    groups.map(({ text, link, items, ...group }) =>
      group.path === path ? { text, link, collapsed: false, items } : { text, link },
    );
  return Object.fromEntries(
    ['/reference/', ...groups.map(({ path }) => path)].map((path) => [path, sidebarAt(path)]),
  );
}

/** Writes the first page: the import names and their purpose. */
function overview(summaries) {
  const rows = packagesAsPresented().flatMap((entry) =>
    entryPointsOf(entry).map(({ name }) => {
      const path = name.replace('@model2vec-ts/', '');
      return `| [\`${name}\`](/reference/${path}/) | ${summaries.get(name) ?? ''} |`;
    }),
  );
  return [
    '# Reference',
    '',
    'Everything that can be imported, read from the sources. Examples are compiled against the packages.',
    '',
    '| Import | Purpose |',
    '| --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
