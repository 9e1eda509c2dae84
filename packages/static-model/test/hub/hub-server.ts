import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A file of a repository. */
export interface HubContent {
  readonly bytes: Uint8Array;
  /** Whether it is stored outside of git, behind a redirect to another host, like the tables of models. */
  readonly lfs?: boolean;
}

/** A repository of the fake Hub. */
export interface Repository {
  /** Files of each commit, by its hash. */
  readonly commits: Map<string, Readonly<Record<string, HubContent>>>;
  /** Commits of branches, tags and pull requests. */
  readonly refs: Map<string, string>;
  /** Token required to read it. */
  readonly token?: string;
  /** Whether other tokens are refused as for a model with terms. */
  readonly gated?: boolean;
}

/** A request as the fake Hub received it. */
export interface SeenRequest {
  readonly host: 'hub' | 'cdn';
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly range: string | undefined;
}

/** Answers a request instead of the fake Hub, and returns whether it did. */
export type Fault = (
  request: SeenRequest,
  response: ServerResponse,
  content: HubContent | undefined,
) => boolean;

/** Hash of a git object that holds the bytes. */
export function gitSha1(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A hash for a commit that is to be called `name`. */
export function commitHash(name: string): string {
  return createHash('sha1').update(name).digest('hex');
}

/**
 * A Hub on this machine: the parts of huggingface.co that Python's client and ours use, over real HTTP, with a second
 * server on another port as its content delivery network.
 */
export class HubServer {
  readonly repositories: Map<string, Repository> = new Map();
  readonly seen: SeenRequest[] = [];
  /** Entries per page of a listing. */
  pageSize = 1000;
  fault: Fault = () => false;
  readonly #hub: Server;
  readonly #cdn: Server;
  #hubUrl = '';
  #cdnUrl = '';

  constructor() {
    this.#hub = createServer((request, response) => this.#answerHub(request, response));
    this.#cdn = createServer((request, response) => this.#answerCdn(request, response));
  }

  get url(): string {
    return this.#hubUrl;
  }

  get cdnUrl(): string {
    return this.#cdnUrl;
  }

  async start(): Promise<void> {
    this.#hubUrl = await listen(this.#hub);
    this.#cdnUrl = await listen(this.#cdn);
  }

  async stop(): Promise<void> {
    for (const server of [this.#hub, this.#cdn]) {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    }
  }

  /** Adds a commit to a branch or tag, creating it if needed. */
  commit(
    id: string,
    files: Readonly<Record<string, HubContent>>,
    {
      ref = 'main',
      name = `${id} ${Math.random()}`,
      ...rights
    }: {
      readonly ref?: string;
      readonly name?: string;
      readonly token?: string;
      readonly gated?: boolean;
    } = {},
  ): string {
    const hash = commitHash(name);
    const repository = this.repositories.get(id) ?? { commits: new Map(), refs: new Map(), ...rights };
    this.repositories.set(id, repository);
    repository.commits.set(hash, files);
    repository.refs.set(ref, hash);
    return hash;
  }

  #see(host: SeenRequest['host'], request: IncomingMessage): SeenRequest {
    const { method = '', url = '', headers } = request;
    const seen = { host, method, path: url, authorization: headers.authorization, range: headers.range };
    this.seen.push(seen);
    return seen;
  }

  #answerHub(request: IncomingMessage, response: ServerResponse): void {
    const seen = this.#see('hub', request);
    const url = new URL(seen.path, this.#hubUrl);
    const parts = url.pathname.slice(1).split('/').map(decodeURIComponent);
    const api = parts[0] === 'api' && parts[1] === 'models';
    if (api) parts.splice(0, 2);
    const id = parts.slice(0, 2).join('/');
    const [action, revision = 'main'] = parts.slice(2);
    const path = parts.slice(4).join('/');
    const repository = this.repositories.get(id);
    const commit = repository && (repository.refs.get(revision) ?? revision);
    const files = commit === undefined ? undefined : repository?.commits.get(commit);
    const content = action === 'resolve' ? files?.[path] : undefined;
    if (this.fault(seen, response, content)) return;

    const failure = failureOf(repository, seen, api, files, content, action);
    if (failure !== undefined) {
      const [status, code] = failure;
      response.writeHead(status, {
        'x-error-code': code,
        'x-error-message': code,
        ...(code === 'EntryNotFound' && { 'x-repo-commit': commit }),
      });
      response.end(request.method === 'HEAD' ? undefined : JSON.stringify({ error: code }));
    } else if (content !== undefined) this.#answerFile(request, response, commit!, content);
    else if (action === 'paths-info') void this.#answerPaths(request, response, files!);
    else if (action === 'tree') this.#answerTree(url, response, files!);
    else {
      const siblings = Object.keys(files!).map((rfilename) => ({ rfilename }));
      answerJson(response, { id, sha: commit, siblings });
    }
  }

  #answerTree(url: URL, response: ServerResponse, files: Readonly<Record<string, HubContent>>): void {
    const first = Number(url.searchParams.get('cursor') ?? 0);
    const entries = Object.entries(files).map(listed);
    const next = first + this.pageSize;
    if (next < entries.length) {
      url.searchParams.set('cursor', String(next));
      response.setHeader('link', `<${url.href}>; rel="next"`);
    }
    // The folders are listed as well.
    const folders = first === 0 ? [{ type: 'directory', oid: commitHash('tree'), size: 0, path: 'x' }] : [];
    answerJson(response, [...folders, ...entries.slice(first, next)]);
  }

  async #answerPaths(
    request: IncomingMessage,
    response: ServerResponse,
    files: Readonly<Record<string, HubContent>>,
  ): Promise<void> {
    let body = '';
    for await (const chunk of request) body += chunk;
    const asked = /json/.test(request.headers['content-type'] ?? '')
      ? (JSON.parse(body) as { paths: string[] }).paths
      : new URLSearchParams(body).getAll('paths');
    answerJson(
      response,
      Object.entries(files)
        .filter(([path]) => asked.includes(path))
        .map(listed),
    );
  }

  #answerFile(
    request: IncomingMessage,
    response: ServerResponse,
    commit: string,
    { bytes, lfs }: HubContent,
  ): void {
    response.setHeader('x-repo-commit', commit);
    response.setHeader('accept-ranges', 'bytes');
    if (!lfs) {
      response.setHeader('etag', `"${gitSha1(bytes)}"`);
      answerBytes(request, response, bytes);
      return;
    }
    const hash = sha256(bytes);
    response.writeHead(302, {
      // The Hub's own answer has another tag than the file.
      etag: `W/"redirect-${hash.slice(0, 8)}"`,
      'x-linked-etag': `"${hash}"`,
      'x-linked-size': bytes.length,
      location: `${this.#cdnUrl}/files/${hash}?signature=secret`,
    });
    response.end(request.method === 'HEAD' ? undefined : 'Found. Redirecting');
  }

  #answerCdn(request: IncomingMessage, response: ServerResponse): void {
    const seen = this.#see('cdn', request);
    const hash = seen.path.split('/').at(-1)?.split('?')[0];
    const content = [...this.repositories.values()]
      .flatMap(({ commits }) => [...commits.values()].flatMap((files) => Object.values(files)))
      .find(({ bytes, lfs }) => lfs && sha256(bytes) === hash);
    if (this.fault(seen, response, content)) return;
    if (content === undefined) {
      response.writeHead(403).end();
      return;
    }
    response.setHeader('etag', `"stored-${hash?.slice(0, 12)}"`);
    answerBytes(request, response, content.bytes);
  }
}

/** The Hub's refusals, as status and code. */
function failureOf(
  repository: Repository | undefined,
  seen: SeenRequest,
  api: boolean,
  files: object | undefined,
  content: HubContent | undefined,
  action: string | undefined,
): readonly [number, string] | undefined {
  if (repository === undefined) return [401, 'RepoNotFound'];
  const stranger = repository.token !== undefined && seen.authorization !== `Bearer ${repository.token}`;
  if (stranger && !repository.gated) return [seen.authorization ? 404 : 401, 'RepoNotFound'];
  // Everyone may list the files of a gated model.
  if (stranger && !api) return [seen.authorization ? 403 : 401, 'GatedRepo'];
  if (files === undefined) return [404, 'RevisionNotFound'];
  if (action === 'resolve' && content === undefined) return [404, 'EntryNotFound'];
  return undefined;
}

function listed([path, { bytes, lfs }]: [string, HubContent]): object {
  const pointer = Buffer.from(
    `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256(bytes)}\nsize ${bytes.length}\n`,
  );
  return {
    type: 'file',
    path,
    size: bytes.length,
    oid: gitSha1(lfs ? pointer : bytes),
    ...(lfs && { lfs: { oid: sha256(bytes), size: bytes.length, pointerSize: pointer.length } }),
  };
}

function answerJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** Sends the bytes, or the requested range if the tag matches. */
export function answerBytes(request: IncomingMessage, response: ServerResponse, bytes: Uint8Array): void {
  const tag = response.getHeader('etag');
  const condition = request.headers['if-range'];
  const start = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
  let from = 0;
  if (start !== undefined && (condition === undefined || condition === tag)) {
    from = Number(start);
    if (from >= bytes.length) {
      response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
      return;
    }
    response.setHeader('content-range', `bytes ${from}-${bytes.length - 1}/${bytes.length}`);
    response.statusCode = 206;
  }
  response.setHeader('content-length', bytes.length - from);
  response.end(request.method === 'HEAD' ? undefined : bytes.subarray(from));
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
