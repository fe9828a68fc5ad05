/** What the code of one test file can change for the next one that runs in the same process. */
const builtInModules = [
  "fs",
  "fs/promises",
  "os",
  "child_process",
  "crypto",
  "dns",
  "http",
  "https",
  "net",
  "timers",
  "tls",
];
const channels = ["azidentity:walk", "azidentity:acquire", "azidentity:refresh-failed", "azidentity:store-failed"];

const isContainer = (file: string) => /[\\/]tsyringe[\\/].*[\\/]dependency-container\.js$/.test(file);

/**
 * What the process-wide container of tsyringe has. Packages such as @peculiar/x509 register their
 * parts when they are loaded, which happens once in a process.
 */
function registrations(): object {
  const { cache } = process.getBuiltinModule("node:module").createRequire(import.meta.url);
  const file = Object.keys(cache).find(isContainer);
  const registry: Iterable<[token: unknown, providers: unknown[]]> =
    file === undefined ? [] : cache[file]?.exports.instance._registry.entries();
  return Object.fromEntries(
    [...registry].flatMap(([token, { length }]) => (length > 0 ? [[String(token), true]] : [])),
  );
}

/** Every part of the process's state, by a name that a reader of a failed test understands. */
function readState(): Map<string, unknown> {
  const state = new Map<string, unknown>();
  const add = (owner: string, values: object) => {
    for (const [name, value] of Object.entries(values)) state.set(`${owner}${name}`, value);
  };
  add("process.env.", process.env);
  add("process.", {
    "cwd()": process.cwd(),
    "umask()": process.umask(),
    argv: process.argv.join(" "),
    execArgv: process.execArgv.join(" "),
    exitCode: process.exitCode,
    "stdout.write": process.stdout.write,
    "stderr.write": process.stderr.write,
  });
  state.set("trusted certificates", trustedCertificates());
  add("tsyringe: ", registrations());
  add("globalThis.", ownValues(globalThis));
  add("Object.prototype.", ownValues(Object.prototype));
  for (const name of builtInModules) add(`node:${name}: `, ownValues(process.getBuiltinModule(`node:${name}`) ?? {}));
  for (const event of process.eventNames()) {
    state.set(`process.listenerCount(${JSON.stringify(String(event))})`, process.listenerCount(event));
  }
  const diagnostics = process.getBuiltinModule("node:diagnostics_channel");
  for (const name of channels) state.set(`subscribers of ${name}`, diagnostics.channel(name).hasSubscribers);
  return state;
}

const texts = new WeakMap<object, string>();

/** In one order and one spelling, because Node changes both when the certificates are set. */
function trustedCertificates(): string {
  const certificates = process.getBuiltinModule("node:tls").getCACertificates("default"); // one array until they change
  const text =
    texts.get(certificates) ?? [...new Set(certificates.map((pem) => pem.replaceAll(/\s/g, "")))].sort().join(" ");
  texts.set(certificates, text);
  return text;
}

/**
 * The properties that hold a value; Node replaces getters by values when it loads what they stand
 * for. Names that begin with `__` are those that libraries install for themselves when they are
 * loaded, such as tslib's helpers.
 */
function ownValues(owner: object): object {
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(owner));
  return Object.fromEntries(
    descriptors.flatMap(([name, { value }]) => (value === undefined || name.startsWith("__") ? [] : [[name, value]])),
  );
}

/** Records the state of the process. The function that it returns names what has changed since. */
export function recordProcessState(): () => readonly string[] {
  const getters = new Set(
    Object.keys(Object.getOwnPropertyDescriptors(globalThis)).map((name) => `globalThis.${name}`),
  );
  const mayBeNew = (name: string) => getters.has(name) || name.startsWith("tsyringe: ");
  const before = readState();
  return () => {
    const after = readState();
    return [...new Set([...before.keys(), ...after.keys()])]
      .filter((name) => !Object.is(before.get(name), after.get(name)))
      .filter((name) => before.has(name) || !mayBeNew(name));
  };
}
