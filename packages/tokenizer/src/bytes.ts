/** Whether a value is a `Uint8Array`, of this realm or another, such as a test runner's sandbox. */
export function isBytes(value: unknown): value is Uint8Array {
  return Object.prototype.toString.call(value) === '[object Uint8Array]';
}
