import { isIP } from "node:net";
import { isAbsolute, join } from "node:path";
import type { CommandInput } from "../command-line/description.ts";
import { type CommandError, usageError } from "../errors/command-error.ts";
import type { Host } from "../host.ts";
import { checkScope } from "../scope/check-scope.ts";
import { createAddressKinds } from "./addresses.ts";
import { endOfContainers } from "./environment-files.ts";
import { anyScope } from "./scope-list.ts";

/** What the command line says about the relay. */
export interface ServeSettings {
  readonly scopes: readonly string[];
  /** Names of the clients, at least one. */
  readonly clients: readonly string[];
  /** 0: one that is free. */
  readonly port: number;
  /** Addresses besides loopback. */
  readonly addresses: readonly string[];
  /** Names that a Host header may have besides those that the relay knows, in lower case. */
  readonly hosts: readonly string[];
  /** Full paths. */
  readonly socketPath: string | undefined;
  readonly keyFile: string | undefined;
  /** Tenant of the tokens where a client names none. `undefined`: the identity's own. */
  readonly tenantId: string | undefined;
  /** Tenants that clients may name besides the identity's own. */
  readonly tenants: readonly string[];
  readonly isJson: boolean;
}

const help = "See: azid serve --help";

/** @throws {CommandError} `usage` */
export function readServeSettings(
  { options, rest }: Pick<CommandInput, "options" | "rest">,
  host: Host,
): ServeSettings {
  if (options.json === true && rest.length > 0)
    throw usageError("--json is for a relay without a program after --.", "Leave out one of them.");
  const list = (name: string) => (options[name] ?? []) as readonly string[];
  const text = (name: string) => options[name] as string | undefined;
  const tenantId = text("tenant");
  const clients = list("client").map(checkClient);
  return {
    scopes: unique(list("allow").map(checkAllowedScope)),
    clients: clients.length === 0 ? ["default"] : distinct(unique(clients)),
    port: checkPort(text("port") ?? "0"),
    addresses: unique(list("listen").map(checkAddress)),
    hosts: list("host").map(checkHostName),
    socketPath: checkSocket(checkPath("--socket", text("socket")), host),
    keyFile: fullPath(checkPath("--key-file", text("keyFile")), host),
    tenantId,
    tenants: [...(tenantId === undefined ? [] : [tenantId]), ...list("allowTenant")],
    isJson: options.json === true,
  };
}

/**
 * A scope, or every scope where that is written out. Patterns are refused: scopes are allowed one
 * by one.
 */
function checkAllowedScope(text: string): string {
  if (text === anyScope) return text;
  if (!text.includes("*")) return checkScope(text, "--allow");
  throw usageError(
    "--allow takes no patterns; scopes are allowed one by one.",
    'Name each of them, or all with --allow "*"',
  );
}

const unique = (values: readonly string[]) => [...new Set(values)];

function checkPath(option: string, path: string | undefined): string | undefined {
  if (path === undefined || /^\P{Cc}+$/u.test(path)) return path;
  throw usageError(`${option} takes the path of a file, without control characters.`, help);
}

function fullPath(path: string | undefined, { workingDirectory }: Host): string | undefined {
  return path === undefined || isAbsolute(path) ? path : join(workingDirectory, path);
}

/** A name that can stand in a path, in a list and in a line of a key file. */
function checkClient(name: string): string {
  if (/^[a-z\d][\w.-]{0,63}$/i.test(name) && !name.endsWith(".")) return name;
  throw usageError("The name of a client has letters, digits and . _ - alone, 64 at most.", help);
}

/**
 * Refuses names whose files would be the same: some file systems have one file for `App` and `app`.
 */
function distinct(names: readonly string[]): readonly string[] {
  const files = names.flatMap((name) => [name, `${name}${endOfContainers}`].map((one) => one.toLowerCase()));
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice === undefined) return names;
  throw usageError(`Two clients would have the same file: ${twice}.env`, "Give one of them another name.");
}

function checkPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 65_536;
  if (port < 65_536) return port;
  throw usageError(`"${text.slice(0, 20)}" is no port.`, "Name one from 1024 to 65535, or none.");
}

function checkAddress(text: string): string {
  if (isIP(text) === 0 || text.includes("%")) {
    throw usageError(
      `--listen takes an address by number, such as 172.17.0.1, and not "${text.slice(0, 60)}".`,
      "List the addresses of this machine with: ip address",
    );
  }
  const kind = createAddressKinds()(text);
  if (kind === "private") return text;
  throw kind === "loopback"
    ? usageError(`The relay listens on loopback anyway, without --listen ${text}.`)
    : tooOpen(text);
}

function tooOpen(address: string): CommandError {
  const isEvery = /^(?:0\.0\.0\.0|[:0]+)$/.test(address);
  const problem = isEvery
    ? `${address} is every address of this machine: the whole network could ask for tokens.`
    : `${address} is an address of the internet, and keys and tokens would cross it unencrypted.`;
  return usageError(problem, "Name the one private address that containers use, such as --listen 172.17.0.1");
}

function checkHostName(text: string): string {
  const name = text.toLowerCase();
  if (/^[a-z\d](?:[a-z\d.-]{0,251}[a-z\d])?$/.test(name)) return name;
  throw usageError(`"${text.slice(0, 60)}" is no host name.`, "Name it without a port, such as --host build.internal");
}

function checkSocket(path: string | undefined, host: Host): string | undefined {
  if (path === undefined || process.platform !== "win32") return fullPath(path, host);
  throw usageError("Windows has no sockets with a mode.", "Leave out --socket.");
}
