type Environment = Readonly<Record<string, string | undefined>>;

/** Programs that run WebKit without a screen. */
export interface WebKitPrograms {
  readonly driver: string;
  readonly browser: string;
  /** X server that draws in memory. */
  readonly display: string;
}

export function findBrowser(environment?: Environment): string | undefined;
export function findFirefox(environment?: Environment): string | undefined;
export function findWebKit(environment?: Environment): WebKitPrograms | undefined;
export function installBrowser(): string | undefined;
export function installFirefox(): string | undefined;
export function installWebKit(): string | undefined;
