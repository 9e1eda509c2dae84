/**
 * Puts models on the Hugging Face Hub, by way of the package `@huggingface/hub`.
 * @module
 */
export { type PushedModel, type PushProgress, type PushToHubOptions, pushToHub } from './save/push-to-hub.js';
