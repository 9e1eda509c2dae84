import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import { findBrowser, installBrowser } from '../../../scripts/browser.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the browser; absent if there is none. */
    readonly browser: string | undefined;
    /** Folder of the built page. */
    readonly site: string;
  }
}

/** Finds or installs a browser, and builds the page once for all tests. */
export default async function setup(project: TestProject): Promise<void> {
  const reason = findBrowser() === undefined ? installBrowser() : undefined;
  const browser = findBrowser();
  if (browser === undefined) {
    const why = reason ?? 'the installed browser was not found';
    for (const what of ['every kernel', 'search', 'threads', 'WebGPU']) {
      process.stdout.write(`SKIPPED ${what} in a real browser: ${why}\n`);
    }
  }
  const root = fileURLToPath(new URL('..', import.meta.url));
  const site = fileURLToPath(new URL('../dist', import.meta.url));
  if (browser !== undefined) {
    await build({
      root,
      configFile: false,
      logLevel: 'warn',
      base: './',
      build: { outDir: site, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
      worker: { format: 'es' },
    });
  }
  project.provide('browser', browser);
  project.provide('site', site);
}
