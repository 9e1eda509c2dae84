type Immediate = (callback: () => void) => unknown;

const { setImmediate } = globalThis as { readonly setImmediate?: Immediate };

/**
 * Resolves in a later task, after the runtime has read pending input of other connections. `setTimeout` would wait a
 * millisecond or four.
 */
export function laterTask(): Promise<void> {
  if (setImmediate !== undefined) return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
