import { type Browser, chromium, type Page } from 'playwright-core';
import { type StaticServerOptions, serveFolder } from '../../../scripts/static-server.mjs';
import type { Page as KernelPage } from '../src/page.js';

declare global {
  var page: KernelPage;
}

/** Options for opening the page. */
export interface ChromiumOptions extends StaticServerOptions {
  readonly executablePath: string;
  /** Folder of the built page. */
  readonly site: string;
  /** Extra command-line switches of the browser. */
  readonly switches?: readonly string[];
}

/** A page in its own browser. */
export interface ChromiumTab {
  readonly tab: Page;
  /** Errors that the page threw or logged. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** Command-line switches for every test. */
export const SWITCHES: readonly string[] = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Serves the page and opens it. */
export async function openPage({
  executablePath,
  site,
  switches = ['--disable-gpu'],
  ...served
}: ChromiumOptions): Promise<ChromiumTab> {
  const server = await serveFolder(site, served);
  let browser: Browser | undefined;
  const close = async (): Promise<void> => {
    await browser?.close();
    await server.close();
  };
  try {
    browser = await chromium.launch({ executablePath, args: [...SWITCHES, ...switches] });
    const tab = await browser.newPage();
    const complaints: string[] = [];
    tab.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    tab.on('pageerror', (error) => complaints.push(error.message));
    await tab.goto(server.address);
    await tab.waitForFunction(() => globalThis.page !== undefined);
    return { tab, complaints, close };
  } catch (error) {
    await close();
    throw error;
  }
}
