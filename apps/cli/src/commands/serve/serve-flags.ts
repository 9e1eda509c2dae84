/** The flags of `m2v serve`. */
export interface ServeFlags {
  readonly model: readonly string[];
  readonly alias: readonly string[];
  readonly host: string;
  readonly port: number;
  readonly apiKeyFile?: string;
  readonly corsOrigin: readonly string[];
  readonly maxBatch: number;
  readonly maxBody: number;
  readonly maxQueue: number;
  readonly maxRequests: number;
  readonly timeout: number;
  readonly shutdownDelay: number;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}
