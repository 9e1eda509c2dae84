// selenium-webdriver, because WebKitGTK's driver speaks only classic WebDriver; puppeteer-core does not.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Builder, type WebDriver } from 'selenium-webdriver';
import type { WebKitPrograms } from '../../../scripts/browser.mjs';
import { type Engine, openIn } from './engine.js';

const SCRIPT_TIMEOUT = 120_000;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port');
  return address.port;
}

/** Starts an X server that draws in memory, and returns the name of its screen. */
async function startDisplay(program: string): Promise<{ process: ChildProcess; name: string }> {
  const process = spawn(program, ['-displayfd', '1', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [number] = await once(process.stdout!, 'data');
  return { process, name: `:${String(number).trim()}` };
}

/** Waits until the driver accepts connections. */
async function connected(port: number): Promise<void> {
  for (let tries = 200; ; tries--) {
    const answer = await fetch(`http://127.0.0.1:${port}/status`).catch(() => undefined);
    if (answer?.ok) return;
    if (tries === 0) throw new Error("WebKit's driver does not answer");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export async function startWebKit({ driver, browser, display }: WebKitPrograms): Promise<Engine> {
  const screen = await startDisplay(display);
  const port = await freePort();
  const server = spawn(driver, [`--port=${port}`], {
    stdio: 'ignore',
    // Containers do not let the browser's sandbox start.
    env: { ...process.env, DISPLAY: screen.name, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' },
  });
  let session: WebDriver | undefined;
  const close = async (): Promise<void> => {
    await session?.quit().catch(() => undefined);
    server.kill();
    screen.process.kill();
  };
  try {
    await connected(port);
    session = await new Builder()
      .usingServer(`http://127.0.0.1:${port}`)
      .withCapabilities({
        browserName: 'MiniBrowser',
        'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] },
      })
      .build();
    const tab = session;
    await tab.manage().setTimeouts({ script: SCRIPT_TIMEOUT });
    return {
      open: (site, options) =>
        openIn(
          {
            navigate: (address) => tab.get(address),
            evaluate: async (expression) => {
              const [result, error] = await tab.executeAsyncScript<[string, string?]>(
                `const done = arguments[0];
                ${expression}.then((result) => done([result]), (error) => done(['', String(error?.stack ?? error)]));`,
              );
              if (error) throw new Error(error);
              return result;
            },
            close: () => tab.get('about:blank'),
          },
          site,
          options,
        ),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
