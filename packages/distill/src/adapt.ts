/**
 * Adapts a static model to texts, with a sentence transformer as its teacher. For Node.
 * @module
 */
export { type AdaptedModel, type AdaptOptions, type AdaptProgress, adapt } from './adapt/adapt-model.js';
export type { LambdaTrial } from './adapt/held-out.js';
export type { TextSource } from './adapt/text-source.js';
export * from './teacher.js';
