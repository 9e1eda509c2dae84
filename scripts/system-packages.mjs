// Installs programs that tests need on Debian-like systems.
import { spawnSync } from 'node:child_process';

/**
 * Installs packages of Debian if the user is root. Returns the reason if it cannot, which ends with what a person can do.
 */
export function installPackages(packages, byHand) {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return `it was not found: ${byHand}`;
  const apt = (...args) =>
    spawnSync('apt-get', args, {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      encoding: 'utf8',
      timeout: 300_000,
    });
  const { error } = apt('--version');
  if (error) return `it was not found and there is no apt-get to install it with: ${byHand}`;
  // Stale lists name packages that mirrors no longer have. If this fails, the next step fails and says why.
  apt('update', '-qq');
  const { status, stderr } = apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
  if (status === 0) return undefined;
  const answer = stderr?.trim().split('\n').at(-1) ?? 'no answer';
  return `apt-get could not install ${packages.join(' and ')} (${answer}): ${byHand}`;
}
