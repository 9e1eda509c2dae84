/** A place for the tables of one `tokenizer.json`, which a program computes once and then reads. */
export interface KeptTables {
  /** The bytes that were written last, or `undefined` if there are none or they are damaged. */
  read(): Promise<Uint8Array | undefined>;
  /** Keeps bytes, given in parts. It never throws: if they cannot be kept, they are computed again next time. */
  write(parts: readonly Uint8Array[]): void;
}
