/** Whether a value of parsed JSON has a shape. */
export type JsonShape = (value: unknown) => boolean;

export const isFlag: JsonShape = (value) => typeof value === 'boolean';
/** Well-formed text. */
export const isText: JsonShape = (value) => typeof value === 'string' && !/\p{Surrogate}/u.test(value);
/** A whole number of 32 bits. */
export const isCount: JsonShape = (value) => typeof value === 'number' && value >>> 0 === value;

/** One of several values. */
export const isOne =
  (...values: readonly unknown[]): JsonShape =>
  (value) =>
    values.includes(value);

/** One of two shapes. */
export const isEither =
  (a: JsonShape, b: JsonShape): JsonShape =>
  (value) =>
    a(value) || b(value);

/** Absent, null, or a shape. */
export const isOptional = (shape: JsonShape): JsonShape => isEither(isOne(undefined, null), shape);

/** A list of any length. */
export const isList =
  (shape: JsonShape): JsonShape =>
  (value) =>
    Array.isArray(value) && value.every(shape);

/** A list or text of a shape with at most this length. */
export const isShort =
  (shape: JsonShape, most: number): JsonShape =>
  (value) =>
    shape(value) && (value as ArrayLike<unknown>).length <= most;

/** An object with these fields and no others. */
export const isRecord =
  (fields: Readonly<Record<string, JsonShape>>): JsonShape =>
  (value) =>
    isObject(value) &&
    Object.keys({ ...fields, ...value }).every(
      (key) => Object.hasOwn(fields, key) && fields[key]!(value[key]),
    );

/** An object with any keys. */
export const isDictionary =
  (shape: JsonShape): JsonShape =>
  (value) =>
    isObject(value) && Object.entries(value).every(([key, element]) => isText(key) && shape(element));

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
