/** Whether this machine keeps the lowest byte of a number first, as files do. */
export const LITTLE_ENDIAN: boolean = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

interface ElementArrayConstructor<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
}

/** Turns each element of `size` bytes around: little-endian to big-endian and back. */
function reverseElements(bytes: Uint8Array, size: number): void {
  for (let start = 0; start < bytes.length; start += size) bytes.subarray(start, start + size).reverse();
}

/** Turns elements around, as a file has them, where this machine keeps them the other way. */
export function toMachineOrder(bytes: Uint8Array, size: number): void {
  if (!LITTLE_ENDIAN) reverseElements(bytes, size);
}

/**
 * The elements of a tensor as a typed array: a view of the file where its bytes are aligned, else one copy. On a
 * big-endian machine it is a copy with each element turned around, so values are the same everywhere.
 */
export function elementsOf<T>(
  bytes: Uint8Array,
  elements: ElementArrayConstructor<T>,
  littleEndian: boolean = LITTLE_ENDIAN,
): T {
  const size = elements.BYTES_PER_ELEMENT;
  const length = bytes.length / size;
  if (size === 1 || (littleEndian && bytes.byteOffset % size === 0)) {
    return new elements(bytes.buffer, bytes.byteOffset, length);
  }
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  if (!littleEndian) reverseElements(copy, size);
  return new elements(copy.buffer, 0, length);
}

/** The bytes of a typed array as a file has them: a view, or on a big-endian machine a copy turned around. */
export function littleEndianBytes(
  elements: ArrayBufferView & { readonly BYTES_PER_ELEMENT: number },
  littleEndian: boolean = LITTLE_ENDIAN,
): Uint8Array {
  const bytes = new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength);
  if (littleEndian || elements.BYTES_PER_ELEMENT === 1) return bytes;
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  reverseElements(copy, elements.BYTES_PER_ELEMENT);
  return copy;
}
