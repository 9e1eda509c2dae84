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

/** A running browser. */
export interface Engine {
  open(site: string, options?: StaticServerOptions): Promise<EngineTab>;
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
  options: StaticServerOptions = {},
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
    await tab.navigate(server.address);
    await evaluate(async (patience) => {
      for (const begun = Date.now(); globalThis.page === undefined; ) {
        if (Date.now() - begun > patience) throw new Error('the page has not started');
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }, PATIENCE);
    return { evaluate, close, disconnect: () => server.close() };
  } catch (error) {
    await close();
    throw error;
  }
}
