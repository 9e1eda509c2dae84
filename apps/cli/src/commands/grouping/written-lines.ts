import type { Output } from '../../output/output.js';

/** Characters that are written at a time. */
const BLOCK = 1 << 20;

/** Writes a line per item. A file appears once it is complete. */
export async function writeLines<Item>(
  output: Output,
  items: Iterable<Item>,
  lineOf: (item: Item) => string,
): Promise<void> {
  const sink = await output.open(false);
  try {
    let block = '';
    for (const item of items) {
      block += `${lineOf(item)}\n`;
      if (block.length < BLOCK) continue;
      await sink.write(Buffer.from(block));
      block = '';
    }
    if (block !== '') await sink.write(Buffer.from(block));
    await sink.close();
  } catch (error) {
    await sink.discard();
    throw error;
  }
}
