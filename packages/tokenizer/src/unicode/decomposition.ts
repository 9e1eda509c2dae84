import { DECOMPOSED } from './combining-class.js';
import { EngineForm } from './engine-form.js';

/** NFD. */
export const DECOMPOSITION: EngineForm = /* @__PURE__ */ new EngineForm('NFD', /[^\0-\xbf]/, DECOMPOSED);
