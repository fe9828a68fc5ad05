import { ConfigurationError } from "../contract/errors.ts";

/** Where references are looked up. */
export interface ReferenceScope {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative files are taken from here: the config file's folder, else the working directory. */
  readonly folder: string;
}

type Holder = Readonly<Record<string, unknown>>;

function isReference(value: unknown, key: "env" | "file"): value is Record<typeof key, string> {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return false; // bytes have a key for each
  return Object.keys(value).length === 1 && typeof (value as Holder)[key] === "string";
}

function missing(message: string, path: string, remedy: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError("missing-reference", message, { path, remedy, cause });
}

function readVariable(name: string, scope: ReferenceScope, path: string): string {
  const value = scope.env[name];
  if (typeof value === "string" && value !== "") return value;
  throw missing(`${path} refers to the variable ${name}, which is not set.`, path, `Set ${name}.`);
}

function readReferenced(file: string, scope: ReferenceScope, path: string): string {
  const full = process.getBuiltinModule("node:path").resolve(scope.folder, file);
  try {
    return process
      .getBuiltinModule("node:fs")
      .readFileSync(full, "utf8")
      .replace(/^\uFEFF/, "")
      .trim();
  } catch (cause) {
    throw missing(
      `${path} refers to the file ${full}, which cannot be read.`,
      path,
      "Create it, or correct the path.",
      cause,
    );
  }
}

/** The value with `{ env }`, `{ file }` and `${env:NAME}` looked up. Errors name the reference, never its value. */
export function resolveReferences(value: unknown, scope: ReferenceScope, path: string): unknown {
  if (typeof value === "string") {
    return value.replace(/\$\{env:(\w+)\}/g, (_, name: string) => readVariable(name, scope, path));
  }
  if (isReference(value, "env")) return readVariable(value.env, scope, path);
  if (isReference(value, "file")) return readReferenced(value.file, scope, path);
  if (Array.isArray(value)) return value.map((item, index) => resolveReferences(item, scope, `${path}.${index}`));
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, resolveReferences(item, scope, `${path}.${key}`)]),
    );
  }
  return value;
}

/** Names of options that hold text of their own where only a reference belongs. */
export function inlineSecrets(options: Holder, secrets: readonly string[]): string[] {
  return secrets.filter((name) => {
    const value = options[name];
    return typeof value === "string" && !/\$\{env:\w+\}/.test(value);
  });
}
