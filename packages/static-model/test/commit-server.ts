import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the fake Hub received it. */
export interface WriteRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Buffer;
}

/** Answers a request instead of the fake Hub, and returns whether it did. */
export type WriteFault = (request: WriteRequest, response: ServerResponse) => boolean;

interface Made {
  readonly visibility: string | undefined;
  readonly branches: Map<string, { readonly title: string; readonly files: ReadonlyMap<string, Buffer> }>;
}

/** The writing half of a Hub, over real HTTP: repositories, branches, LFS and commits, and storage on another port. */
export class CommitServer {
  readonly repositories: Map<string, Made> = new Map();
  readonly seen: WriteRequest[] = [];
  fault: WriteFault = () => false;
  readonly #stored: Map<string, Buffer> = new Map();
  readonly #hub: Server;
  readonly #storage: Server;

  constructor() {
    this.#hub = createServer((request, response) => void this.#receive(request, response, this.#answer));
    this.#storage = createServer((request, response) => void this.#receive(request, response, this.#store));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#hub.address() as AddressInfo).port}`;
  }

  get storageUrl(): string {
    return `http://127.0.0.1:${(this.#storage.address() as AddressInfo).port}`;
  }

  async start(): Promise<this> {
    for (const server of [this.#hub, this.#storage]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    }
    return this;
  }

  async stop(): Promise<void> {
    for (const server of [this.#hub, this.#storage]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  async #receive(
    incoming: IncomingMessage,
    response: ServerResponse,
    answer: (request: WriteRequest, response: ServerResponse) => void,
  ): Promise<void> {
    const parts: Buffer[] = [];
    try {
      for await (const part of incoming) parts.push(part);
    } catch {
      return;
    }
    const request = {
      method: incoming.method ?? '',
      path: decodeURIComponent(incoming.url ?? ''),
      authorization: incoming.headers.authorization,
      body: Buffer.concat(parts),
    };
    this.seen.push(request);
    if (!this.fault(request, response)) answer.call(this, request, response);
  }

  #store({ method, path, body }: WriteRequest, response: ServerResponse): void {
    const oid = path.slice(1).replace(/\?.*$/, '');
    const right = method === 'PUT' && createHash('sha256').update(body).digest('hex') === oid;
    if (right) this.#stored.set(oid, body);
    response.writeHead(right ? 200 : 400).end();
  }

  #answer(request: WriteRequest, response: ServerResponse): void {
    const [status, value] = this.#answerTo(request);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
  }

  #answerTo({ method, path, authorization, body }: WriteRequest): readonly [status: number, value: unknown] {
    if (authorization !== 'Bearer hf_right') return [401, { error: 'Invalid credentials' }];
    const [route = ''] = path.split('?');
    const json = (): ReturnType<typeof JSON.parse> => JSON.parse(body.toString());
    if (route === '/api/repos/create') return this.#create(json());
    const name = /^\/(?:api\/models\/)?([^/]+\/[^/]+?)(?:\.git)?(?:\/|$)/.exec(route)?.[1] ?? '';
    const made = this.repositories.get(name);
    if (made === undefined) return [404, { error: 'Repository not found' }];
    if (method === 'GET') return [200, { id: name }];
    if (route.endsWith('/info/lfs/objects/batch')) return [200, this.#batch(json())];
    const [, action, branch = ''] = /\/(branch|preupload|commit)\/(.+)$/.exec(route) ?? [];
    if (action === 'branch') {
      if (!made.branches.has(branch)) made.branches.set(branch, made.branches.get('main')!);
      return [200, {}];
    }
    if (!made.branches.has(branch)) return [404, { error: `Invalid rev id: ${branch}` }];
    if (action === 'preupload') {
      const { files } = json() as { readonly files: readonly { readonly path: string }[] };
      const modeOf = (file: string): string => (file.endsWith('.safetensors') ? 'lfs' : 'regular');
      return [
        200,
        {
          files: files.map((file) => ({
            path: file.path,
            uploadMode: modeOf(file.path),
            shouldIgnore: false,
          })),
        },
      ];
    }
    if (!this.#commit(made, branch, body)) return [400, { error: 'LFS pointer to a file that is not there' }];
    const commitOid = createHash('sha1').update(body).digest('hex');
    return [
      200,
      { success: true, commitOid, commitUrl: `${this.url}/${name}/commit/${commitOid}`, hookOutput: '' },
    ];
  }

  #create(wanted: {
    readonly organization: string;
    readonly name: string;
    readonly visibility?: string;
  }): readonly [number, unknown] {
    const id = `${wanted.organization}/${wanted.name}`;
    if (this.repositories.has(id)) return [409, { error: 'You already created this model repo' }];
    const branches = new Map([['main', { title: 'initial commit', files: new Map<string, Buffer>() }]]);
    this.repositories.set(id, { visibility: wanted.visibility, branches });
    return [200, { url: `${this.url}/${id}`, id }];
  }

  #commit(made: Made, branch: string, body: Buffer): boolean {
    const files = new Map(made.branches.get(branch)!.files);
    let title = '';
    for (const line of body.toString().split('\n')) {
      const { key, value } = JSON.parse(line);
      if (key === 'header') title = value.summary;
      if (key === 'file') files.set(value.path, Buffer.from(value.content, value.encoding));
      if (key !== 'lfsFile') continue;
      const stored = this.#stored.get(value.oid);
      if (stored?.length !== value.size) return false;
      files.set(value.path, stored!);
    }
    made.branches.set(branch, { title, files });
    return true;
  }

  #batch({ objects }: { readonly objects: readonly { oid: string; size: number }[] }): unknown {
    return {
      transfer: 'basic',
      objects: objects.map(({ oid, size }) => ({
        oid,
        size,
        ...(!this.#stored.has(oid) && {
          actions: { upload: { href: `${this.storageUrl}/${oid}?X-Signature=secret`, header: {} } },
        }),
      })),
    };
  }
}
