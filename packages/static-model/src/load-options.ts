import { ModelError } from './model-error.js';
import type { QuantizedDtype } from './table/quantize.js';

/*
 * Checks of options that few programs pass; the others do not load this module.
 */

const QUANTIZED_DTYPES: readonly QuantizedDtype[] = ['float16', 'float32', 'float64', 'int8'];

/** @throws ModelError `invalid-argument` */
export function checkQuantizeTo(quantizeTo: QuantizedDtype | undefined): void {
  if (quantizeTo === undefined || QUANTIZED_DTYPES.includes(quantizeTo)) return;
  throw new ModelError(
    'invalid-argument',
    `quantizeTo must be one of ${QUANTIZED_DTYPES.join(', ')}; found ${JSON.stringify(quantizeTo)}`,
  );
}

/** Refuses a stall timeout that timers cannot represent. */
export function checkStallTimeout(stallTimeout: number | undefined): void {
  if (stallTimeout === undefined || (stallTimeout > 0 && stallTimeout < 2 ** 31)) return;
  throw new ModelError(
    'invalid-argument',
    `stallTimeout must be a number of milliseconds above 0 and below 2³¹; found ${stallTimeout}`,
  );
}
