import { CodePointSet, decodeRanges } from './code-point-set.js';
import { DECOMPOSITION } from './decomposition.js';
import { EngineForm, type NormalForm } from './engine-form.js';
import { NORMALIZED_RANGES } from './normal-form.generated.js';

/** The {@link EngineForm} of every form but NFD, which has a smaller one. */
export const NORMALIZED: CodePointSet = /* @__PURE__ */ new CodePointSet(() =>
  decodeRanges(NORMALIZED_RANGES),
);

const FORMS: Readonly<Record<NormalForm, EngineForm>> = {
  NFC: /* @__PURE__ */ new EngineForm('NFC', /[^\0-\u02ff]/, NORMALIZED),
  NFD: DECOMPOSITION,
  NFKC: /* @__PURE__ */ new EngineForm('NFKC', /[^\0-\x9f]/, NORMALIZED),
  NFKD: /* @__PURE__ */ new EngineForm('NFKD', /[^\0-\x9f]/, NORMALIZED),
};

/** Returns the full decomposition of one character, canonical or compatible like the form. */
export function decompose(character: string, form: NormalForm): string {
  return FORMS[form].decompose(character);
}

/** Normalizes like the reference's crate, whatever Unicode version the engine has. */
export function toNormalForm(text: string, form: NormalForm): string {
  return FORMS[form].of(text);
}
