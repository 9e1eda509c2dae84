/** Called when the user or the system asks the program to end; what it returns keeps the program from ending now. */
export type InterruptionHandler = (signal: NodeJS.Signals) => 'finishing' | 'end now';

let handler: InterruptionHandler | undefined;

/** Lets work in progress end in good order; without a handler the program ends at once. */
export function onInterruption(next: InterruptionHandler | undefined): void {
  handler = next;
}

/** Whether the work in progress ends by itself. */
export function isFinishing(signal: NodeJS.Signals): boolean {
  return handler?.(signal) === 'finishing';
}
