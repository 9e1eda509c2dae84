/** Whether a value is a `Float32Array` of any realm: Jest and Vitest's vmThreads give modules other classes than workers'. */
export function isFloat32Array(value: unknown): value is Float32Array {
  return (
    value instanceof Float32Array ||
    (ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Float32Array]')
  );
}
