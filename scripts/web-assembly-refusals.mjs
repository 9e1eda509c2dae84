// The ways in which engines refuse WebAssembly, for tests that replace the global by one of them.

const NAMESPACE = WebAssembly;

function refusal(message) {
  return new NAMESPACE.CompileError(message);
}

/** Throws when code is compiled, as V8 and SpiderMonkey do under a content security policy. */
function refusesToCompile(message) {
  const refuse = () => {
    throw refusal(message);
  };
  return like({
    Module: class {
      constructor() {
        refuse();
      }
    },
    compile: async () => refuse(),
    compileStreaming: async () => refuse(),
    // A compiled module could only come from elsewhere.
    instantiate: async (source, imports) =>
      source instanceof NAMESPACE.Module ? NAMESPACE.instantiate(source, imports) : refuse(),
    instantiateStreaming: async () => refuse(),
  });
}

/** Compiles, and throws when code is instantiated, as JavaScriptCore does under a content security policy. */
function refusesToInstantiate(message) {
  const refuse = () => {
    throw refusal(message);
  };
  return like({
    Instance: class {
      constructor() {
        refuse();
      }
    },
    instantiate: async () => refuse(),
    instantiateStreaming: async () => refuse(),
  });
}

/** The platform's namespace, whose members are not enumerable, with other members. */
function like(members) {
  const names = Object.getOwnPropertyNames(NAMESPACE);
  return { ...Object.fromEntries(names.map((name) => [name, NAMESPACE[name]])), ...members };
}

/** Values of `globalThis.WebAssembly` by the engine that behaves so. */
export const WEB_ASSEMBLY_REFUSALS = [
  ['an engine without WebAssembly', undefined],
  [
    'Chromium',
    refusesToCompile("Compiling or instantiating WebAssembly module violates the page's security policy"),
  ],
  ['Firefox', refusesToCompile('call to WebAssembly.Module() blocked by CSP')],
  ['WebKit', refusesToInstantiate('Refused to create a WebAssembly object')],
];
