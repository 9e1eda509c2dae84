// Finds browsers of three engines for tests, and installs them on Debian-like systems.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installPackages } from './system-packages.mjs';

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

/** Debian puts programs that are not on the PATH into a folder of the machine's architecture. */
const MINI_BROWSERS = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].flatMap((machine) =>
  ['4.1', '4.0'].map((version) => `/usr/lib/${machine}/webkit2gtk-${version}/MiniBrowser`),
);

/**
 * Returns the path of a Chromium browser, or `undefined`. `M2V_BROWSER` comes first, then the PATH and the usual folders;
 * `M2V_BROWSER=none` means no browser.
 */
export function findBrowser(environment = process.env) {
  const named = environment.M2V_BROWSER;
  if (named) return named === 'none' || !canRun(named) ? undefined : named;
  return onPath(NAMES, environment) ?? (PLACES[process.platform] ?? []).find(canRun);
}

/** Returns the path of a Firefox, or `undefined`; `M2V_FIREFOX` comes first, and `none` means no Firefox. */
export function findFirefox(environment = process.env) {
  const named = environment.M2V_FIREFOX;
  if (named) return named === 'none' || !canRun(named) ? undefined : named;
  return onPath(['firefox-esr', 'firefox'], environment);
}

/**
 * Returns the programs that run WebKit without a screen, or `undefined` if one is missing. Only WebKitGTK on Linux can
 * be driven like this; `M2V_WEBKIT=none` means no WebKit.
 */
export function findWebKit(environment = process.env) {
  if (process.platform !== 'linux' || environment.M2V_WEBKIT === 'none') return undefined;
  const driver = onPath(['WebKitWebDriver'], environment);
  const display = onPath(['Xvfb'], environment);
  const browser = MINI_BROWSERS.find(canRun);
  return driver && display && browser ? { driver, display, browser } : undefined;
}

function onPath(names, environment) {
  const folders = (environment.PATH ?? '').split(delimiter).filter(Boolean);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return names.flatMap((name) => folders.map((folder) => join(folder, name + suffix))).find(canRun);
}

/** Installs Chromium on Debian-like systems if the user is root. Returns the reason if it cannot. */
export function installBrowser() {
  return install('M2V_BROWSER', ['chromium'], 'install Chromium or Chrome, or name one with M2V_BROWSER');
}

/** Installs Firefox like {@link installBrowser}. */
export function installFirefox() {
  return install('M2V_FIREFOX', ['firefox-esr'], 'install Firefox, or name one with M2V_FIREFOX');
}

/** Installs WebKitGTK, its driver and a screen in memory like {@link installBrowser}. */
export function installWebKit() {
  return install('M2V_WEBKIT', ['webkit2gtk-driver', 'xvfb'], 'install webkit2gtk-driver and xvfb');
}

/** Installs packages, unless a variable names a browser. Returns the reason if it cannot. */
function install(variable, packages, byHand) {
  if (process.env[variable]) return `${variable} is ${process.env[variable]}, which cannot be run`;
  return installPackages(packages, byHand);
}

function canRun(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
