import { spawn } from 'node:child_process';

/** Panics of the reference print a backtrace each, which costs more than the case itself. */
const ENVIRONMENT = {
  ...process.env,
  RUST_BACKTRACE: '0',
  PYTHONIOENCODING: 'utf-8',
  PYTHONDONTWRITEBYTECODE: '1',
};

/** A case takes well under a second; a process that is silent this long is in a loop of the reference. */
const SILENCE_MS = 15_000;

/** The lines of a stream; reading pauses while the caller works on a line. */
async function* linesOf(stream) {
  stream.setEncoding('utf8');
  let parts = [];
  for await (const chunk of stream) {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      parts.push(chunk.slice(from, end));
      yield parts.join('');
      parts = [];
      from = end + 1;
    }
    parts.push(chunk.slice(from));
  }
}

function start(python, args) {
  const child = spawn(python, args, { env: ENVIRONMENT, stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    complaint = (complaint + text).slice(-2000);
  });
  // A process that died cannot be written to; its end is noticed where its answers are read.
  child.stdin.on('error', () => {});
  const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal })));
  return { child, ended, complaint: () => complaint };
}

/**
 * The generator's cases, in order. The reference can end its process on some input: then the generator starts again
 * behind that case, which is given as `{ kind: 'crashed' }`.
 */
export async function* generatedCases({ python, script, args, seconds, single }) {
  const deadline = Date.now() + seconds * 1000;
  let next = 0;
  for (;;) {
    const left = Math.max(0, (deadline - Date.now()) / 1000);
    const { child, ended, complaint } = start(python, [
      script,
      ...args,
      '--seconds',
      String(left),
      '--from',
      String(next),
    ]);
    const first = next;
    const guard = () => setTimeout(() => child.kill('SIGKILL'), SILENCE_MS);
    let watch = guard();
    try {
      for await (const line of linesOf(child.stdout)) {
        const found = JSON.parse(line);
        next = found.number + 1;
        clearTimeout(watch);
        yield found;
        watch = guard();
      }
    } finally {
      clearTimeout(watch);
      child.kill();
    }
    const { code, signal } = await ended;
    if (code === 0) return;
    if (signal === null && code !== null && next === first) {
      throw new Error(`the generator ended with code ${code} before its first case:\n${complaint()}`);
    }
    yield { number: next, kind: 'crashed', complaint: complaint() };
    next += 1;
    if (single || Date.now() >= deadline) return;
  }
}

/** Answers for texts that come up while a failure is made smaller. */
export class ReferenceServer {
  #command;
  #running;

  constructor(python, script) {
    this.#command = [python, script];
  }

  /** Ids of each text; `undefined` where the reference ended on them. */
  async idsOf(tokenizer, texts) {
    if (!this.#running) {
      const [python, script] = this.#command;
      const { child } = start(python, [script]);
      this.#running = { child, lines: linesOf(child.stdout) };
    }
    this.#running.child.stdin.write(`${JSON.stringify({ tokenizer, texts })}\n`);
    const { value, done } = await this.#running.lines.next();
    if (!done) return JSON.parse(value).ids;
    this.#running = undefined;
    return undefined;
  }

  close() {
    this.#running?.child.kill();
  }
}
