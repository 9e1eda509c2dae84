import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import {
  findBrowser,
  findFirefox,
  findWebKit,
  installBrowser,
  installFirefox,
  installWebKit,
  type WebKitPrograms,
} from '../../../scripts/browser.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of Chromium; `undefined` without one. */
    readonly browser: string | undefined;
    /** Path of Firefox; `undefined` without one. */
    readonly firefox: string | undefined;
    /** Programs for WebKit; `undefined` if one is missing. */
    readonly webKit: WebKitPrograms | undefined;
    /** Folder of the built page. */
    readonly site: string;
  }
}

/** Finds or installs a browser. Names the skipped tests in the output if it cannot. */
function have<Found>(
  find: () => Found | undefined,
  install: () => string | undefined,
  skipped: readonly string[],
): Found | undefined {
  const reason = find() === undefined ? install() : undefined;
  const found = find();
  if (found === undefined) {
    for (const what of skipped) {
      process.stdout.write(`SKIPPED ${what}: ${reason ?? 'it was installed, but not found'}\n`);
    }
  }
  return found;
}

/** Finds or installs the browsers, and builds the page once for all tests. */
export default async function setup(project: TestProject): Promise<void> {
  const browser = have(
    findBrowser,
    installBrowser,
    ['every kernel', 'search', 'threads', 'WebGPU'].map((what) => `${what} in Chromium`),
  );
  const firefox = have(findFirefox, installFirefox, ['every kernel in Firefox', 'an extension in Firefox']);
  const webKit = have(findWebKit, installWebKit, ['every kernel in WebKit']);
  const root = fileURLToPath(new URL('..', import.meta.url));
  const site = fileURLToPath(new URL('../dist', import.meta.url));
  if (browser ?? firefox ?? webKit) {
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
  project.provide('firefox', firefox);
  project.provide('webKit', webKit);
  project.provide('site', site);
}
