/** What the first bytes of a file say about its content. */
export type ContentKind =
  | { readonly kind: 'text' }
  | { readonly kind: 'gzip' }
  | { readonly kind: 'parquet' }
  /** Text in an encoding that is recognised with certainty; the label is one of the platform's decoder. */
  | { readonly kind: 'encoded'; readonly encoding: 'utf-16le' | 'utf-16be' }
  /** Content that the reader does not support. */
  | { readonly kind: 'other'; readonly name: string; readonly advice: string };

/** Bytes that decide: signatures are shorter, and a NUL in a binary file comes early. */
export const DECIDING_BYTES = 4096;

const UNPACK = 'unpack it first';
const TO_TEXT = 'convert it to text or Markdown first';

/** Signatures of formats that users try. */
const SIGNATURES: readonly (readonly [signature: string, name: string, advice: string])[] = [
  ['28b52ffd', 'a zstd file', 'unpack it first, or pipe it: zstd -dc FILE'],
  ['425a68', 'a bzip2 file', 'unpack it first, or pipe it: bzip2 -dc FILE'],
  ['fd377a585a00', 'an xz file', 'unpack it first, or pipe it: xz -dc FILE'],
  [
    '504b0304',
    'a ZIP file (or .docx, .xlsx)',
    `${UNPACK}; export a table as CSV, convert a document to Markdown`,
  ],
  ['377abcaf271c', 'a 7z file', UNPACK],
  ['255044462d', 'a PDF', 'convert it to text first, with pdftotext for example'],
  ['d0cf11e0a1b11ae1', 'an old Office file', 'export a table as CSV, convert a document to Markdown'],
  ['7b5c727466', 'an RTF file', TO_TEXT],
  ['4152524f5731', 'an Arrow file', 'convert it to Parquet first'],
  ['4f626a01', 'an Avro file', 'convert it to Parquet or JSON Lines first'],
  ['4f5243', 'an ORC file', 'convert it to Parquet first'],
  ['53514c69746520666f726d6174203300', 'an SQLite database', 'export a table as CSV first'],
  ['934e554d5059', 'a NumPy array', 'name a file of texts'],
  ['89504e47', 'a PNG image', 'name a file of texts'],
  ['ffd8ff', 'a JPEG image', 'name a file of texts'],
  ['fffe0000', 'UTF-32 text', 'convert it: iconv -f UTF-32 -t UTF-8 FILE'],
  ['0000feff', 'UTF-32 text', 'convert it: iconv -f UTF-32 -t UTF-8 FILE'],
];

/** Recognises content by its first {@link DECIDING_BYTES} bytes. */
export function contentKind(head: Uint8Array): ContentKind {
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, DECIDING_BYTES));
  const hex = bytes.toString('hex', 0, 16);
  if (hex.startsWith('1f8b')) return { kind: 'gzip' };
  if (hex.startsWith('50415231')) return { kind: 'parquet' };
  for (const [signature, name, advice] of SIGNATURES) {
    if (hex.startsWith(signature) && !isWord(signature, bytes)) return { kind: 'other', name, advice };
  }
  if (hex.startsWith('fffe')) return { kind: 'encoded', encoding: 'utf-16le' };
  if (hex.startsWith('feff')) return { kind: 'encoded', encoding: 'utf-16be' };
  return withoutSignature(bytes);
}

/** Whether a signature that is also a word starts a text: real files of these kinds soon have control bytes. */
function isWord(signature: string, bytes: Buffer): boolean {
  return ['425a68', '4f5243'].includes(signature) && !bytes.some((byte) => byte < 9);
}

/** Fewer zeros show no pattern. */
const FEWEST_ZEROS = 4;

/** UTF-16 without a byte order mark has zeros at every other byte, at least for Latin letters and spaces. */
function withoutSignature(bytes: Buffer): ContentKind {
  const zeros = [0, 0];
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 0) zeros[i % 2]!++;
  const [even = 0, odd = 0] = zeros;
  if (even + odd === 0) return { kind: 'text' };
  const half = bytes.length / 2;
  if (odd >= FEWEST_ZEROS && odd > half * 0.4 && even < half * 0.05)
    return { kind: 'encoded', encoding: 'utf-16le' };
  if (even >= FEWEST_ZEROS && even > half * 0.4 && odd < half * 0.05)
    return { kind: 'encoded', encoding: 'utf-16be' };
  return {
    kind: 'other',
    name: 'a binary file',
    advice:
      'name a file of texts; text with NUL characters needs --input-format, UTF-16 needs --encoding utf-16le',
  };
}
