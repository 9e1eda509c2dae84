/**
 * Distils a sentence transformer into a static model. For Node.
 * @module
 */
export { type DistillOptions, type DistillProgress, distill } from './distill/distill-model.js';
export type { Dimensionality } from './distill/principal-components.js';
export * from './teacher.js';
