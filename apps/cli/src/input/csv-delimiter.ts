/** Delimiters that are recognised, the most common first. */
export const CSV_DELIMITERS: readonly string[] = [',', ';', '\t', '|'];

/** The delimiter that is most frequent in the first line; a tab for `.tsv`. */
export function likelyDelimiter(path: string, start: Uint8Array): string {
  if (/\.tsv(\.gz)?$/i.test(path)) return '\t';
  const head = Buffer.from(start.buffer, start.byteOffset, Math.min(start.length, 65_536)).toString('utf8');
  const line = /^[^\r\n]*/.exec(head.replace(/"[^"]*"/g, ''))![0];
  const counts = CSV_DELIMITERS.map((delimiter) => line.split(delimiter).length - 1);
  return CSV_DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}
