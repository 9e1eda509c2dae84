/** Rows of packed vectors, end to end. */
export interface PackedRows {
  write(row: number, packed: Uint8Array): void;
  read(row: number): Uint8Array<ArrayBuffer>;
  readAll(count: number): Uint8Array<ArrayBuffer>;
}

/** Accesses rows in memory that may be replaced as it grows. */
export function packedRows(stride: number, bytes: () => Uint8Array<ArrayBuffer>): PackedRows {
  return {
    write(row, packed) {
      bytes().set(packed, row * stride);
    },
    read: (row) => bytes().subarray(row * stride, (row + 1) * stride),
    readAll: (count) => bytes().subarray(0, count * stride),
  };
}
