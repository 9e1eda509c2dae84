// The reference: Markdown pages of every package's entry points, which TypeDoc reads from the sources.
import { join, relative } from 'node:path';
import { Application, Converter, LogLevel, ReflectionKind } from 'typedoc';
import { content, docs, publishedPackages, root } from './places.mjs';

/** Every entry point of every published package: its import name and its source file, dependencies first. */
function entryPoints() {
  return publishedPackages().flatMap(({ folder, manifest }) =>
    Object.entries(manifest.exports ?? {}).flatMap(([subpath, conditions]) => {
      const source = conditions['@model2vec-ts/source'];
      return source ? [{ name: manifest.name + subpath.slice(1), file: join(root, folder, source) }] : [];
    }),
  );
}

/** Writes the reference into the site's content, with its own contents as `typedoc-sidebar.json`. */
export async function writeReference() {
  // A symbol that several packages export gets its page in the first, so what it depends on comes before a package.
  const entries = entryPoints();
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown', 'typedoc-vitepress-theme'],
    entryPoints: entries.map(({ file }) => file),
    tsconfig: join(docs, 'tsconfig.reference.json'),
    // That the sources compile is another check's business.
    skipErrorChecking: true,
    excludeInternal: true,
    excludePrivate: true,
    excludeExternals: true,
    disableSources: true,
    readme: 'none',
    docsRoot: content,
    out: join(content, 'reference'),
    router: 'member',
    excludeScopesInPaths: true,
    parametersFormat: 'table',
    logLevel: LogLevel.Warn,
  });
  // TypeDoc calls a module by its file; readers know it by what they import.
  const names = new Map(entries.map(({ name, file }) => [relative(join(root, 'packages'), file), name]));
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      const name = names.get(`${module.name}.ts`) ?? names.get(`${module.name}/index.ts`);
      if (name !== undefined) module.name = name;
    }
  });
  const project = await app.convert();
  if (!project) throw new Error('TypeDoc could not read the packages');
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error('TypeDoc complained, see above');
}
