/** Called for each signal that ends the program; `'finishing'` keeps the program running until the work has ended. */
export type InterruptionHandler = (signal: NodeJS.Signals) => 'finishing' | 'end now';

let handler: InterruptionHandler | undefined;

/** Sets the handler of the work in progress; without one a signal ends the program at once. */
export function onInterruption(next: InterruptionHandler | undefined): void {
  handler = next;
}

/** Whether the work in progress ends itself after the signal. */
export function isFinishing(signal: NodeJS.Signals): boolean {
  return handler?.(signal) === 'finishing';
}
