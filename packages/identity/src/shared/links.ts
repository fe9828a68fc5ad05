/**
 * The one state of this module: links that credentials with equal settings and secrets share, so
 * that a driver that makes a credential per connection costs one token request. Bounded in size
 * and age; `resetSharedTokens` empties it.
 */
import type { AuthenticationRecord, GetTokenOptions, Identity, UserCredential } from "@azidentity/core";
import type { StoreName } from "../plugins/stores.ts";
import { readOthers, type Variables, workingDirectory } from "./environment.ts";
import { createRoot, wantedLevel } from "./roots.ts";

/** What is used of a credential of core. */
export interface LinkCredential extends UserCredential {
  forUser?(assertion: string): UserCredential;
  authenticate?(scopes: string | string[], options?: GetTokenOptions): Promise<AuthenticationRecord>;
}

/** Of core: what has the tokens, and what ends it. */
interface Made {
  readonly credential: LinkCredential;
  close(): Promise<void>;
}

/** What credentials share. */
export interface Link extends Made {
  /** `undefined`: it is one credential's own. */
  readonly key: string | undefined;
  /** Credentials that use it and have not been closed. */
  users: number;
  /** Milliseconds of the monotonic clock. */
  usedAt: number;
}

/** Variables as a credential was made with them. */
export interface Environment {
  /**
   * Those that matter to sources, tools and the transport; links of different ones are different.
   */
  readonly variables: Variables;
  readonly text: string;
  /** All variables of the process: those that matter as they were, the others as they are now. */
  whole(): WholeEnvironment;
}

/** All variables, for the first call of a credential. Links of different ones are different. */
export interface WholeEnvironment {
  readonly variables: Variables;
  /** A hash of the variables that only a config can name. */
  readonly others: string;
}

/** What links of the same variables come from. */
export interface Root {
  readonly identity: Identity;
  /** Identities that come from it, by settings and variables. */
  readonly derived: Map<string, Identity>;
}

/** Links that are kept while no credential is known to use them. */
const maxLinks = 200;
const maxRoots = 16;
const maxEnvironments = 32;
/** Of one root. */
const maxIdentities = 32;
/** Longer than the life of a token that Entra issues by default. */
const maxIdleMs = 90 * 60_000;

const links = new Map<string, Link>();
const roots = new Map<string, Promise<Root>>();
/** Variables by their text: credentials that were made with equal ones hold the same object. */
const environments = new Map<string, Environment>();
/** The key of the hash; never leaves the process, so that hashes say nothing about secrets. */
let hashKey: Buffer | undefined;

/** Drops the entries that were used least recently. */
function bound(map: Map<string, unknown>, limit: number): void {
  for (const key of map.keys()) {
    if (map.size <= limit) return;
    map.delete(key);
  }
}

/** The environment of a credential that is made now. */
export function environmentWith(variables: Variables): Environment {
  const text = JSON.stringify(Object.entries(variables).sort());
  const known = environments.get(text);
  if (known !== undefined) return known;
  let last: { readonly read: string; readonly whole: WholeEnvironment } | undefined;
  const made: Environment = {
    variables,
    text,
    whole() {
      const others = readOthers();
      const read = JSON.stringify(others);
      if (last?.read !== read)
        last = { read, whole: { others: hashOf(others), variables: Object.freeze({ ...others, ...variables }) } };
      return last.whole;
    },
  };
  environments.set(text, made);
  bound(environments, maxEnvironments);
  return made;
}

/** Variables that the config, the transport and the tools of all links read. */
const readByRoot = /^AZIDENTITY_|_PROXY$|^(?:PATH|HOME|USERPROFILE|APPDATA|LOCALAPPDATA)$/i;

async function loadRoot(variables: Variables, store?: StoreName): Promise<Root> {
  return { identity: await createRoot(variables, store), derived: new Map() };
}

/** What all links of these variables and this store come from. A load that failed is repeated. */
export function rootOf(environment: Environment, whole: WholeEnvironment, store?: StoreName): Promise<Root> {
  const own = Object.entries(environment.variables).filter(([name]) => readByRoot.test(name));
  const key = JSON.stringify([workingDirectory(), wantedLevel(), store, own.sort(), whole.others]);
  const known = roots.get(key);
  if (known !== undefined) return known;
  const made = loadRoot(whole.variables, store);
  made.catch(() => roots.delete(key));
  roots.set(key, made);
  bound(roots, maxRoots);
  return made;
}

/** A text that differs for different settings and secrets and reveals none of them. */
export function hashOf(parts: unknown): string {
  const { createHmac, randomBytes } = process.getBuiltinModule("node:crypto");
  hashKey ??= randomBytes(32);
  return createHmac("sha256", hashKey).update(JSON.stringify(parts)).digest("base64");
}

/**
 * The identity of equal settings and variables, which the links of many credentials have in common.
 */
export function derivedFrom({ derived }: Root, settings: unknown, derive: () => Identity): Identity {
  const key = hashOf(settings);
  const identity = derived.get(key) ?? derive();
  derived.set(key, identity);
  bound(derived, maxIdentities);
  return identity;
}

function dropIdle(now: number): void {
  for (const [key, { usedAt }] of links) if (now - usedAt > maxIdleMs) links.delete(key);
}

/** The link of a key, which `make` makes if there is none. `undefined`: one that is not shared. */
export function openLink(key: string | undefined, make: () => Made): Link {
  const now = performance.now();
  dropIdle(now);
  const link = (key === undefined ? undefined : links.get(key)) ?? { key, ...make(), users: 0, usedAt: now };
  link.users += 1;
  link.usedAt = now;
  if (key !== undefined) {
    links.delete(key); // to the end of the list
    links.set(key, link);
    bound(links, maxLinks);
  }
  return link;
}

/** One credential less uses it; the last one closes it. */
export async function leaveLink(link: Link): Promise<void> {
  link.users -= 1;
  if (link.users > 0) return;
  if (link.key !== undefined && links.get(link.key) === link) links.delete(link.key);
  await link.close();
}

/**
 * Forgets every token that credentials share, and the config that was loaded, so that the next
 * credential begins as in a new process. Credentials that have a token keep it.
 */
export function resetSharedTokens(): void {
  links.clear();
  roots.clear();
  environments.clear();
}
