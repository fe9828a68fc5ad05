import { ConfigurationError } from "../errors/errors.ts";

/**
 * Limits of what is copied or compared: options are written by hand, and a circular value would
 * never end.
 */
const limits = { depth: 32, values: 100_000 };

function isLiteral(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return true;
  // `Object.prototype` of another realm, as of a test runner that runs tests in a `vm` context
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "isPrototypeOf");
}

/**
 * Whether a value is plain data: a list or an object literal. Functions, instances of classes and
 * objects with a `getToken` method are not plain and are compared by identity: such an object is a
 * credential with state of its own.
 */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> | readonly unknown[] {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return true;
  return isLiteral(value) && typeof (value as { getToken?: unknown }).getToken !== "function";
}

type Bytes = ArrayBuffer | NodeJS.ArrayBufferView;
const isBytes = (value: unknown): value is Bytes => ArrayBuffer.isView(value) || value instanceof ArrayBuffer;

function copyBytes(bytes: Bytes): Bytes {
  if (bytes instanceof ArrayBuffer) return bytes.slice(0);
  if (Buffer.isBuffer(bytes)) return Buffer.from(bytes); // its own `slice` shares memory
  if (!(bytes instanceof DataView)) return bytes.slice();
  const { buffer, byteOffset, byteLength } = bytes;
  return new DataView(buffer.slice(byteOffset, byteOffset + byteLength));
}

/**
 * Bytes are represented by their hash: as text, ten megabytes would take seconds for each
 * acquisition.
 */
function textOfBytes(bytes: Bytes): string {
  const view = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  const hash = process.getBuiltinModule("node:crypto").hash("sha256", view, "base64");
  return `${Object.prototype.toString.call(bytes)}:${hash}`; // a Buffer is a Uint8Array here
}

/** Counts the values that are visited, and throws when they exceed the bounds. */
function createBounds(): (depth: number) => void {
  let values = 0;
  return (depth) => {
    if (depth <= limits.depth && ++values <= limits.values) return;
    throw new ConfigurationError(
      "invalid-argument",
      `An argument is nested more than ${limits.depth} deep, or has more than ${limits.values} values.`,
      { remedy: "Remove the circular reference." },
    );
  };
}

/**
 * Calls back for the enumerable own members of a literal. `undefined` counts as absent. A getter is
 * kept as a function and not called.
 */
function eachMember(value: object, call: (key: string | symbol, member: PropertyDescriptor) => void): void {
  for (const key of Reflect.ownKeys(value)) {
    const member = Object.getOwnPropertyDescriptor(value, key);
    if (member?.enumerable && (member.value !== undefined || member.get !== undefined)) call(key, member);
  }
}

/**
 * A copy whose plain parts and bytes are its own, so that changing the original changes nothing.
 * Everything else is kept by identity, and so is each part for which `keep` returns true.
 *
 * @throws {ConfigurationError} `invalid-argument` for a circular value.
 */
export function copyPlain<T>(value: T, keep: (part: object) => boolean = () => false): T {
  const bound = createBounds();
  const copy = (part: unknown, depth: number): unknown => {
    if (isBytes(part)) return copyBytes(part);
    if (!isPlain(part) || keep(part)) return part;
    bound(depth);
    if (Array.isArray(part)) return part.map((item) => copy(item, depth + 1));
    const copied = {};
    eachMember(part, (key, { get, value: member }) => {
      const own = get === undefined ? { value: copy(member, depth + 1), writable: true } : { get };
      Object.defineProperty(copied, key, { ...own, enumerable: true, configurable: true });
    });
    return copied;
  };
  return copy(value, 0) as T;
}

/** Prefixed with its length, so that no string is mistaken for another value, or for two. */
const ofString = (text: string): string => `"${text.length}:${text}`;

/**
 * Makes texts that are equal exactly when values are: plain parts and bytes by content, with
 * members in any order, everything else by identity. Two functions with the same source text are
 * different. Texts of different makers cannot be compared.
 *
 * @throws {ConfigurationError} `invalid-argument` for a circular value.
 */
export function createTextOf(): (value: unknown) => string {
  const ids = new WeakMap<WeakKey, number>();
  let nextId = 0;
  const identity = (value: WeakKey): string => {
    const id = ids.get(value) ?? nextId++;
    ids.set(value, id);
    return `#${id}`;
  };
  const ofSymbol = (symbol: symbol): string => {
    const name = Symbol.keyFor(symbol);
    return name === undefined ? identity(symbol) : `@${ofString(name)}`;
  };
  const write = (value: unknown, depth: number, bound: (depth: number) => void): string => {
    if (typeof value === "string") return ofString(value);
    if (typeof value === "function") return identity(value);
    if (typeof value === "symbol") return ofSymbol(value);
    if (typeof value === "bigint") return `${value}n`;
    if (typeof value !== "object" || value === null) return String(value);
    if (isBytes(value)) return textOfBytes(value);
    if (!isPlain(value)) return identity(value);
    bound(depth);
    const inner = (item: unknown): string => write(item, depth + 1, bound);
    if (Array.isArray(value)) return `[${value.map(inner).join()}]`;
    const texts: string[] = [];
    eachMember(value, (key, { get, value: member }) => {
      const name = typeof key === "string" ? ofString(key) : ofSymbol(key);
      texts.push(`${name}:${get === undefined ? inner(member) : `get ${identity(get)}`}`);
    });
    return `{${texts.sort().join()}}`;
  };
  return (value) => write(value, 0, createBounds());
}
