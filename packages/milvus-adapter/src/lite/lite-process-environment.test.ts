import { describe, expect, test } from 'vitest';
import { liteProcessEnvironment } from './lite-process-environment.js';

const USER = {
  PATH: '/usr/bin',
  HOME: '/home/user',
  MILVUS_URI: './milvus.db',
  MILVUS_DEFAULT_CONNECTION: './milvus.db',
  MILVUS_CONN_TIMEOUT: 'soon',
  MILVUS_TOKEN: 'secret',
  MILVUS_LITE_WAL_SIZE_LIMIT_BYTES: '1000000',
  GRPC_VERBOSITY: 'debug',
  https_proxy: 'http://proxy:3128',
  ALL_PROXY: 'socks5://proxy',
  PYTHONPATH: '/work/modules',
  PYTHONHOME: '/opt/python',
};

describe('the environment of Milvus Lite', () => {
  test('has no settings of pymilvus, gRPC, proxies and Python', () => {
    expect(liteProcessEnvironment('setup', USER)).toEqual({
      PATH: '/usr/bin',
      HOME: '/home/user',
      MILVUS_LITE_WAL_SIZE_LIMIT_BYTES: '1000000',
      PYTHONUTF8: '1',
      PYTHONUNBUFFERED: '1',
      PYTHON_DOTENV_DISABLED: '1',
      MILVUS_URI: '',
      MILVUS_DEFAULT_CONNECTION: '',
      MILVUS_CONN_ALIAS: 'default',
      MILVUS_CONN_TIMEOUT: '10.0',
    });
  });

  test('keeps the module path of a Python that the user named', () => {
    expect(liteProcessEnvironment('M2V_PYTHON', USER)).toMatchObject({
      PYTHONPATH: '/work/modules',
      PYTHONHOME: '/opt/python',
    });
  });
});
