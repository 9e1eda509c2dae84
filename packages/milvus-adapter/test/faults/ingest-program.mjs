// A program that stores generated rows, for tests that kill it or its server. Its one argument is a job as JSON (see
// ingest-program.ts); it reports by lines of JSON, written at once, so that a kill loses none.
import { writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { GENERATED } from './generated-embedder.mjs';

const job = JSON.parse(process.argv[2]);
const say = (event) => writeSync(1, `${JSON.stringify(event)}\n`);
const reported = (error) => ({
  name: error?.name,
  code: error?.code,
  message: error?.message ?? String(error),
  isError: error instanceof Error,
  result: error?.result && { ...error.result, failed: error.result.failed.length },
});

process.on('unhandledRejection', (error) => {
  say({ event: 'unhandled', error: reported(error) });
  process.exit(70);
});

const { connectMilvus, TextCollection } = await import(pathToFileURL(`${job.sources}/index.js`).href);

/** Letters that do not compress, the same for the same row. */
function padding(n) {
  let state = n + 1;
  let letters = '';
  while (letters.length < job.padding) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    letters += state.toString(36);
  }
  return letters.slice(0, job.padding);
}

function* rows() {
  for (let n = 0; n < job.rows; n++) yield { text: `${job.prefix} ${n}${padding(n)}`, n };
}

// Marks the start of a run, if a wrapper runs the program more than once.
say({ event: 'begin' });

async function numbersIn(collection) {
  const numbers = [];
  for await (const { fields } of collection.rows({ fields: ['n'] })) numbers.push(fields.n);
  return numbers.sort((a, b) => a - b);
}

let milvus;
try {
  milvus = await connectMilvus(job.target);
  const collection = await TextCollection.openOrCreate(milvus, { name: job.collection, embedder: GENERATED });
  say({ event: 'ready', kept: await numbersIn(collection) });
  const result = await collection.upsert(rows(), {
    batchRows: job.batchRows,
    retryFor: job.retryFor,
    onProgress: ({ complete, stored }) => say({ event: 'progress', complete, stored }),
  });
  say({ event: 'result', result, count: await collection.count(), numbers: await numbersIn(collection) });
} catch (error) {
  say({ event: 'error', error: reported(error) });
}
if (job.ending === 'throw') {
  setTimeout(() => {
    throw new RangeError('an error that nobody catches');
  });
} else if (job.ending === 'stay') {
  setInterval(() => {}, 1000);
} else {
  await milvus?.close();
}
