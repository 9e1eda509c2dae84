// The compiler writes plain files; the program must be one that a shell starts.
import { chmodSync } from 'node:fs';

chmodSync(new URL('../dist/m2v.js', import.meta.url), 0o755);
