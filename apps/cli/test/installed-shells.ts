import { execFileSync } from 'node:child_process';
import { installPackages } from '../../../scripts/system-packages.mjs';

/** Shells whose completion is tested, besides bash. */
const SHELLS = ['zsh', 'fish'] as const;

/** Whether a shell is installed. */
export function hasShell(shell: (typeof SHELLS)[number]): boolean {
  try {
    execFileSync(shell, ['-c', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Installs missing shells before the tests, and names those whose tests are skipped. */
export default function setup(): void {
  for (const shell of SHELLS) {
    if (hasShell(shell)) continue;
    const reason = installPackages([shell], `install ${shell}`);
    if (!hasShell(shell)) {
      process.stdout.write(
        `SKIPPED completion in ${shell}: ${reason ?? 'it was installed, but not found'}\n`,
      );
    }
  }
}
