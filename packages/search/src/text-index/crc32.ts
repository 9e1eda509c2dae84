const POLYNOMIAL = 0xedb8_8320;

/** Table t holds the checksum of each byte followed by t zero bytes, so that four bytes are read at once. */
const TABLES: readonly Uint32Array[] = checksumTables(4);

function checksumTables(count: number): Uint32Array[] {
  const tables = Array.from({ length: count }, () => new Uint32Array(256));
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
    tables[0]![byte] = value;
  }
  for (let t = 1; t < count; t++) {
    for (let byte = 0; byte < 256; byte++) {
      const before = tables[t - 1]![byte]!;
      tables[t]![byte] = (before >>> 8) ^ tables[0]![before & 255]!;
    }
  }
  return tables;
}

/** The CRC-32 of bytes, as in gzip and PNG. Node's zlib has it from 20.15 on, browsers do not. */
export function crc32(bytes: Uint8Array): number {
  const [a, b, c, d] = TABLES as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  let value = 0xffff_ffff;
  let at = 0;
  for (const end = bytes.length - 3; at < end; at += 4) {
    value ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    value = d[value & 255]! ^ c[(value >>> 8) & 255]! ^ b[(value >>> 16) & 255]! ^ a[value >>> 24]!;
  }
  for (; at < bytes.length; at++) value = (value >>> 8) ^ a[(value ^ bytes[at]!) & 255]!;
  return (value ^ 0xffff_ffff) >>> 0;
}
