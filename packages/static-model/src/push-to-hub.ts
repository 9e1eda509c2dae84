/**
 * Uploads models to the Hugging Face Hub with the package `@huggingface/hub`.
 * @module
 */
export { type PushedModel, type PushProgress, type PushToHubOptions, pushToHub } from './save/push-to-hub.js';
