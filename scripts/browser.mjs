// A browser for the tests that need one: the one that is named, the one that is there, or one that can be installed.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs of the Chromium family, as systems name them. */
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
 * The path of a browser of the Chromium family, or `undefined`: what `M2V_BROWSER` names, else what is on the path or
 * in the system's usual places. `M2V_BROWSER=none` stands for no browser.
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
 * Installs Chromium where that needs nobody's leave: on Debian and its kin, as root. Gives the reason where it cannot.
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
  // Old lists name packages that servers no longer have; a failure here shows in the next step.
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
