// A program that uses Milvus Lite as a user's would, told by lines on its standard input what to do; each is answered
// by one line of JSON. Arguments: folder of the emitted sources, data folder, Python, and 'keep' to leave it running.
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
    // With nothing more to do the program must end by itself, though it has not stopped the server.
    if (line === 'end') break;
    if (line === 'exit') process.exit(0);
  }
  process.stdin.destroy();
} catch (error) {
  say({ code: error.code, message: error.message });
}
