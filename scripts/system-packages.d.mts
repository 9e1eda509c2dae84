export function installPackages(packages: readonly string[], byHand: string): string | undefined;
