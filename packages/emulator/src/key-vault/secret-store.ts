import { randomBytes } from "node:crypto";
import type { JsonObject } from "../http/message.ts";

/** The properties of a secret that a client sets. */
export interface SecretContent {
  readonly value: string;
  readonly contentType?: unknown;
  readonly tags?: unknown;
  readonly attributes: JsonObject;
}

/** One version of a secret. */
export interface Secret extends SecretContent {
  readonly name: string;
  readonly version: string;
  /** Seconds since 1970-01-01 UTC. */
  readonly created: number;
}

/** The versions of a secret, newest first. */
export type SecretVersions = readonly [Secret, ...Secret[]];

/**
 * The secrets of one vault, in memory. Names are compared without letter case. A deletion is
 * immediate and final.
 */
export interface SecretStore {
  add(name: string, content: SecretContent, now: number): Secret;
  versions(name: string): SecretVersions | undefined;
  /** The secrets in alphabetical order. */
  all(): SecretVersions[];
  delete(name: string): void;
}

export function createSecretStore(): SecretStore {
  const secrets = new Map<string, SecretVersions>();

  return {
    add(name, content, now) {
      const known = secrets.get(name.toLowerCase()) ?? [];
      const version = randomBytes(16).toString("hex");
      const secret = { ...content, name: known[0]?.name ?? name, version, created: now };
      secrets.set(name.toLowerCase(), [secret, ...known]);
      return secret;
    },
    versions: (name) => secrets.get(name.toLowerCase()),
    all: () => [...secrets].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, versions]) => versions),
    delete: (name) => void secrets.delete(name.toLowerCase()),
  };
}
