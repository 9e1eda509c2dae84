export type { BulkFormat } from './bulk-file.js';
export {
  type BulkFilesOptions,
  type BulkFilesProgress,
  type BulkTarget,
  writeBulkFiles,
} from './bulk-files.js';
export {
  BulkImportError,
  type BulkImportOptions,
  type BulkImportProgress,
  type BulkImportResult,
  type FailedFile,
  type ImportedFile,
  importBulkFiles,
} from './bulk-import.js';
export {
  type BulkManifest,
  type BulkManifestFile,
  type BulkProblem,
  manifestPath,
  readManifest,
} from './bulk-manifest.js';
