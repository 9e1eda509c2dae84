export function preparePythonEnvironment(of: {
  readonly directory: string;
  readonly requirements: string;
}): string;
