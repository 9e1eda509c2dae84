import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { findBrowser, installBrowser } from '../../../scripts/browser.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the browser; absent if there is none. */
    readonly browser: string | undefined;
    /** Folder of the built site. */
    readonly site: string;
  }
}

/** Finds or installs a browser, and locates the built site. */
export default function setup(project: TestProject): void {
  const reason = findBrowser() === undefined ? installBrowser() : undefined;
  const browser = findBrowser();
  if (browser === undefined) {
    const why = reason ?? 'the installed browser was not found';
    process.stdout.write(`SKIPPED the site in a real browser: ${why}\n`);
  }
  const site = fileURLToPath(new URL('../dist', import.meta.url));
  if (!existsSync(`${site}/service-worker.js`)) {
    throw new Error(`${site} holds no site: build it with \`pnpm docs:build\``);
  }
  project.provide('browser', browser);
  project.provide('site', site);
}
