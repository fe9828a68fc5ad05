import { canonical } from "./tenants.ts";
import type { Facts } from "./world.ts";

/** A value of an option, as callers write it. */
export type Value = string | { readonly env: string } | { readonly file: string };
/**
 * Options of the sources of this test. Mutable: that callers change them later is what is tested.
 */
export interface Options {
  clientId?: Value;
  tenantId?: Value;
  authority?: Value;
  /** Proves that the caller is the application; it does not choose the principal. */
  certificate?: Value;
  extra?: { profile?: Value };
}

/** Whom a token speaks for, as a text of all that makes one principal differ from another. */
export interface Principal {
  readonly source: string;
  readonly tenant: string;
  readonly client: string;
  readonly authority: string;
  readonly profile: string;
  readonly user: string;
  readonly account: string;
}

/**
 * What a process was given when it was made. Copies: later changes of the caller's objects do not
 * count.
 */
export interface Process {
  readonly id: string;
  readonly machine: number;
  /** Of its config. */
  readonly tenantId: string | undefined;
  /** AZURE_TENANT_ID, which names the tenant of applications alone. */
  readonly variable: string | undefined;
  readonly authority: string;
  /** Whether a call may name any tenant. */
  readonly allowsAll: boolean;
  /** AZURE_IDENTITY_DISABLE_MULTITENANTAUTH. */
  readonly oneTenant: boolean;
  readonly sources: Readonly<Record<string, Options | undefined>>;
}

/** A credential object of another library. */
export interface Foreign {
  readonly id: string;
  readonly tenant: string;
  readonly client: string;
  /** A wrong secret: it never gets a token. */
  readonly broken: boolean;
}

/** A source as a caller named it, with a copy of the options of that moment. */
export interface LinkMeaning {
  /** Links with equal keys may be one link, with one memory. */
  readonly key: string;
  readonly source: string;
  readonly given: Options;
  readonly foreign?: Foreign;
}

/** What one call of `getToken` or `explain` asked for. */
export interface Asked {
  readonly scope: string;
  readonly tenant: string | undefined;
  readonly user: string | undefined;
  readonly cae: boolean;
  readonly claims: string | undefined;
  readonly nonce: string | undefined;
}

function look(value: Value | undefined, machine: number, facts: Facts): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  const found = "env" in value ? facts[`env${machine}.${value.env}`] : facts[`file.${value.file.at(-1)}`];
  if (found === undefined || found === "") throw new Error("a reference without target");
  return found;
}

/** Whether the options of a link can be read while the world is like `facts`. */
export function canRead({ machine, sources }: Process, { source, given }: LinkMeaning, facts: Facts): boolean {
  const { extra, ...options } = { ...sources[source], ...given };
  try {
    for (const value of [...Object.values(options), extra?.profile]) look(value, machine, facts);
    return true;
  } catch {
    return false;
  }
}

/**
 * The account for which a source speaks while the world is like `facts`: of a tool the one signed
 * in, `undefined` for none.
 */
export function accountAt({ source }: LinkMeaning, facts: Facts): string | undefined {
  if (source === "tool") return facts.account;
  return source === "person" ? facts.person : "";
}

/** The certificate of a source while the world is like `facts`; throws when it cannot be read. */
export function certificateAt({ machine, sources }: Process, { source, given }: LinkMeaning, facts: Facts): string {
  return look({ ...sources[source], ...given }.certificate, machine, facts) ?? "";
}

/**
 * The oracle: whom a fresh process would speak for that is made like `process`, and is asked like
 * this while the world is like `facts`. `undefined`: it would refuse. Without the account, which
 * changes at other times than options do.
 */
export function principalAt(process: Process, link: LinkMeaning, asked: Asked, facts: Facts): Principal | undefined {
  const { source, foreign } = link;
  const empty = { source, tenant: "", client: "", authority: "", profile: "", user: "", account: "" };
  if (foreign !== undefined) {
    if (foreign.broken || asked.user !== undefined) return undefined;
    return { ...empty, tenant: canonical(asked.tenant ?? foreign.tenant), client: foreign.client };
  }
  const given = { ...process.sources[source], ...link.given };
  const text = (value: Value | undefined) => look(value, process.machine, facts);
  try {
    const client = text(given.clientId) ?? "app";
    const own = text(given.tenantId);
    const authority = text(given.authority) ?? process.authority;
    const profile = text(given.extra?.profile) ?? "";
    text(given.certificate); // all options are read
    if (source === "platform") return asked.user === undefined ? { ...empty, tenant: "host", client } : undefined;
    const isApplication = source === "checked" || source === "federated";
    if (!isApplication && (asked.user !== undefined || asked.nonce !== undefined)) return undefined;
    const configured = own ?? process.tenantId ?? (isApplication ? process.variable : undefined);
    const home = configured && canonical(configured);
    const named = process.oneTenant ? undefined : asked.tenant && canonical(asked.tenant);
    const mayAsk = process.allowsAll || (source === "tool" && home === undefined);
    if (named !== undefined && named !== home && !mayAsk) return undefined;
    const tenant = named ?? home ?? "none";
    if (source === "tool") return { ...empty, tenant, profile };
    return { ...empty, tenant, client, authority, profile, user: asked.user ?? "" };
  } catch {
    return undefined;
  }
}
