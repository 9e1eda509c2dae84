import { readFileSync } from 'node:fs';

/** Prints when the first text is embedded, then the texts a second of a file and the most memory in MiB, as JSON. */
export async function report(embed) {
  await embed(['a first text']);
  process.stdout.write('ready\n');
  const texts = readFileSync(process.argv[3], 'utf8').split('\n');
  const began = performance.now();
  await embed(texts);
  const rate = (texts.length * 1000) / (performance.now() - began);
  process.stdout.write(JSON.stringify({ rate, megabytes: process.resourceUsage().maxRSS / 1024 }));
}
