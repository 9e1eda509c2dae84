import type { FoundPython } from './python.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Settings of other programs that would reach Milvus Lite: pymilvus connects to `MILVUS_URI` when it is imported and
 * fails for the path of a folder, and gRPC sends even local calls through a proxy.
 */
const FOREIGN_SETTINGS = /^(MILVUS_(?!LITE_)|GRPC_)|^(ALL|HTTPS?|GRPC)_PROXY$/i;

/** Where Python finds modules, which is the user's own choice only for a Python that the user named. */
const PYTHON_SETTINGS = /^PYTHON/i;

/** The environment variables of a process that runs Milvus Lite. */
export function liteProcessEnvironment(
  from: FoundPython['from'],
  environment: Environment = process.env,
): Record<string, string | undefined> {
  const kept = Object.entries(environment).filter(
    ([name]) => !FOREIGN_SETTINGS.test(name) && !(from === 'setup' && PYTHON_SETTINGS.test(name)),
  );
  return {
    ...Object.fromEntries(kept),
    PYTHONUTF8: '1',
    PYTHONUNBUFFERED: '1',
    // pymilvus also reads a .env file of any parent folder, which sets only variables that are not there yet.
    PYTHON_DOTENV_DISABLED: '1',
    MILVUS_URI: '',
    MILVUS_DEFAULT_CONNECTION: '',
    MILVUS_CONN_ALIAS: 'default',
    MILVUS_CONN_TIMEOUT: '10.0',
  };
}
