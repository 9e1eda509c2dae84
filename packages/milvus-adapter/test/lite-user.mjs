// Uses Milvus Lite like a user's program. It reads commands from standard input, one per line, and answers each with
// one line of JSON. Arguments: folder of the emitted sources, data folder, Python, and 'keep' to leave it running.
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [sources, folder, python, keep] = process.argv.slice(2);
const { startMilvusLite } = await import(pathToFileURL(`${sources}/lite/milvus-lite.js`).href);
const say = (found) => process.stdout.write(`${JSON.stringify(found)}\n`);

try {
  const server = await startMilvusLite(folder, { python, keepRunning: keep === 'keep' });
  say({ address: server.address, pid: server.pid, shared: server.shared });
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'stop') {
      await server.stop();
      say({ stopped: true });
    }
    // With nothing left to do, the program must end by itself, although it has not stopped the server.
    if (line === 'end') break;
    if (line === 'exit') process.exit(0);
  }
  process.stdin.destroy();
} catch (error) {
  say({ code: error.code, message: error.message });
}
