/** Whether this machine is little-endian, like the files. */
export const LITTLE_ENDIAN: boolean = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

interface ElementArrayConstructor<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
}

/** Reverses the bytes of each element of `size` bytes, which converts between little-endian and big-endian. */
function reverseElements(bytes: Uint8Array, size: number): void {
  for (let start = 0; start < bytes.length; start += size) bytes.subarray(start, start + size).reverse();
}

/** Converts little-endian elements to this machine's byte order, in place. */
export function toMachineOrder(bytes: Uint8Array, size: number): void {
  if (!LITTLE_ENDIAN) reverseElements(bytes, size);
}

/**
 * The elements of a tensor as a typed array: a view of the file if its bytes are aligned, else a copy. On big-endian
 * machines a copy with reversed bytes, so values are the same everywhere.
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

/** The little-endian bytes of a typed array: a view, or on big-endian machines a reversed copy. */
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
