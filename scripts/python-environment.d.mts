export function preparePythonEnvironment(of: {
  readonly directory: string;
  readonly requirements: string;
  readonly dependencies?: boolean;
}): string;
