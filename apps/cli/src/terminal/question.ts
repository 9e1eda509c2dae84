import { createInterface } from 'node:readline/promises';

/** Whether a person can be asked: both ends of the conversation are a terminal. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/**
 * Asks a question on the terminal.
 *
 * @returns the answer; empty if the terminal ends the input (Ctrl-D)
 */
export async function ask(question: string): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // On a terminal readline reads Ctrl-C itself and would drop the question without an answer.
    prompt.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    const closed = new Promise<string>((resolve) => prompt.once('close', () => resolve('')));
    return (await Promise.race([prompt.question(question), closed])).trim();
  } finally {
    prompt.close();
  }
}
