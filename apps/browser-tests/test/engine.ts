import { type StaticServer, type StaticServerOptions, serveFolder } from '../../../scripts/static-server.mjs';

/** A page in a browser. */
export interface EngineTab {
  /**
   * Runs a function in the page and returns its result. Both travel as JSON, so the function uses nothing from outside
   * but its argument.
   */
  evaluate<Argument, Result>(
    work: (argument: Argument) => Result | Promise<Result>,
    argument: Argument,
  ): Promise<Result>;
  /** Ends the server, as if the network were gone. */
  disconnect(): Promise<void>;
  close(): Promise<void>;
}

/** The server's options, and what to open. */
export interface OpenOptions extends StaticServerOptions {
  /** Path of the page in the site. @defaultValue the page at its root */
  readonly path?: string;
  /** Name of the global that exists once the page has started. @defaultValue `'page'` */
  readonly started?: string;
}

/** A running browser. */
export interface Engine {
  open(site: string, options?: OpenOptions): Promise<EngineTab>;
  close(): Promise<void>;
}

/** What differs between protocols: one tab that evaluates an expression, which returns a promise of a string. */
export interface RawTab {
  navigate(address: string): Promise<void>;
  evaluate(expression: string): Promise<string>;
  close(): Promise<void>;
}

const PATIENCE = 60_000;

/** Serves the site and opens it in a tab. */
export async function openIn(
  tab: RawTab,
  site: string,
  { path = '', started = 'page', ...options }: OpenOptions = {},
): Promise<EngineTab> {
  const server: StaticServer = await serveFolder(site, options);
  const evaluate: EngineTab['evaluate'] = async (work, argument) =>
    JSON.parse(
      await tab.evaluate(
        `Promise.resolve((${work})(${JSON.stringify(argument)})).then((result) => JSON.stringify(result ?? null))`,
      ),
    );
  const close = async (): Promise<void> => {
    await tab.close();
    await server.close();
  };
  try {
    await tab.navigate(server.address + path);
    await evaluate(
      async ({ started, patience }) => {
        for (const begun = Date.now(); !(started in globalThis); ) {
          if (Date.now() - begun > patience) throw new Error('the page has not started');
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      },
      { started, patience: PATIENCE },
    );
    return { evaluate, close, disconnect: () => server.close() };
  } catch (error) {
    await close();
    throw error;
  }
}
