/** Bytes of one element of a table, by its dtype. */
export const ELEMENT_BYTES = { float64: 8, float32: 4, float16: 2, bfloat16: 2, int8: 1 } as const;
