// Finds a Chromium for tests: the one named by M2V_BROWSER, else an installed one, else one that can be installed.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Names of Chromium programs on different systems. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge'];

const PLACES = {
  darwin: [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

/**
 * Returns the path of a Chromium browser, or `undefined`. `M2V_BROWSER` comes first, then the PATH and the usual folders;
 * `M2V_BROWSER=none` means no browser.
 */
export function findBrowser(environment = process.env) {
  const named = environment.M2V_BROWSER;
  if (named) return named === 'none' || !canRun(named) ? undefined : named;
  const folders = (environment.PATH ?? '').split(delimiter).filter(Boolean);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name + suffix)));
  return [...onPath, ...(PLACES[process.platform] ?? [])].find(canRun);
}

/**
 * Installs Chromium on Debian-like systems if the user is root. Returns the reason if it cannot.
 */
export function installBrowser() {
  if (process.env.M2V_BROWSER) return `M2V_BROWSER is ${process.env.M2V_BROWSER}, which cannot be run`;
  const byHand = 'install Chromium or Chrome, or name one with M2V_BROWSER';
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return `no browser was found: ${byHand}`;
  const apt = (...args) =>
    spawnSync('apt-get', args, {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      encoding: 'utf8',
      timeout: 300_000,
    });
  const { error } = apt('--version');
  if (error) return `no browser was found and there is no apt-get to install one with: ${byHand}`;
  // Stale lists name packages that mirrors no longer have. If this fails, the next step fails and says why.
  apt('update', '-qq');
  const { status, stderr } = apt('install', '-y', '-qq', '--no-install-recommends', 'chromium');
  if (status === 0) return undefined;
  return `apt-get could not install chromium (${stderr?.trim().split('\n').at(-1) ?? 'no answer'}): ${byHand}`;
}

function canRun(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
