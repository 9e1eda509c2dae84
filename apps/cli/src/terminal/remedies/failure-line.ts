import { CliError } from '../cli-error.js';

/** Returns the line that an error prints, in the words of the command line. */
export async function failureLine(error: Error): Promise<string> {
  if (error instanceof CliError) return error.message;
  const { milvusFailure } = await import('../milvus-failure.js');
  const worded = milvusFailure(error);
  return worded instanceof Error ? worded.message : error.message;
}
