/** Values of `globalThis.WebAssembly` by the engine that refuses in this way. */
export const WEB_ASSEMBLY_REFUSALS: readonly (readonly [engine: string, namespace: unknown])[];
