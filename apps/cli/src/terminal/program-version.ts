import manifest from '../../package.json' with { type: 'json' };

/** The version in this package's `package.json`; the build copies it. */
export function programVersion(): string {
  return manifest.version;
}
