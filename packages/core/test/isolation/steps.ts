import type { Stage } from "./gate.ts";

/** A value of an option by its kind; the paths of files are not known yet. */
export type ValueSpec = { readonly text: string } | { readonly env: string } | { readonly file: string };

export interface OptionsSpec {
  readonly clientId?: ValueSpec;
  readonly tenantId?: ValueSpec;
  readonly authority?: ValueSpec;
  readonly certificate?: ValueSpec;
  readonly profile?: ValueSpec;
}
export type Field = keyof OptionsSpec;

export type SourceName = "checked" | "federated" | "tool" | "platform" | "person";

/** An entry of a chain; numbers are places in the lists of objects of the sequence. */
export type EntrySpec =
  | { readonly source: SourceName; readonly object?: number }
  | { readonly foreign: number; readonly subject?: string };

export interface ConfigSpec {
  readonly tenantId?: ValueSpec;
  readonly authority?: string;
  readonly allowsAll: boolean;
  /** The object that stands under `sources.checked`. */
  readonly settings?: number;
  readonly chain: EntrySpec;
}

export interface MachineSpec {
  readonly AZURE_TENANT_ID?: string;
  readonly oneTenant: boolean;
}

export interface ForeignSpec {
  readonly tenant: string;
  readonly client: string;
  readonly broken: boolean;
  readonly isPlain: boolean;
}

/** What there is before the first step. */
export interface Setup {
  readonly stored: boolean;
  readonly readsLate: boolean;
  readonly inTurn: boolean;
  /** Tokens in the memory of a process. */
  readonly maxEntries: number | undefined;
  readonly machines: readonly MachineSpec[];
  readonly objects: readonly OptionsSpec[];
  readonly foreigns: readonly ForeignSpec[];
  readonly configs: readonly ConfigSpec[];
  /** Few, so that calls meet each other. */
  readonly ways: readonly Way[];
  /**
   * What calls use at all. A few at a time: with everything at once no two calls would be alike.
   */
  readonly uses: Readonly<Record<Feature, boolean>>;
}

export type Feature = "tenants" | "users" | "cae" | "claims" | "nonces" | "scopes" | "explain" | "aborts";

/** How a caller comes by a credential. */
export type Way =
  | { readonly way: "identity" }
  | { readonly way: "credential"; readonly source: SourceName; readonly object?: number }
  | { readonly way: "chain"; readonly entries: readonly EntrySpec[] };

/** One step of a sequence. Numbers beyond the end of a list count on from its beginning. */
export type Step =
  | { readonly step: "process"; readonly config: number; readonly machine: number; readonly lazy: boolean }
  | {
      readonly step: "ask";
      readonly process: number;
      readonly way: number;
      /** With the credential that was made this way before, if there is one. */
      readonly reuse: boolean;
      /** Only the credential is made. */
      readonly later: boolean;
      readonly scope: string;
      readonly inArray: boolean;
      readonly explain: boolean;
      readonly tenant?: string;
      readonly user?: string;
      readonly cae: boolean;
      readonly claims?: string;
      readonly nonce?: string;
      readonly abortable: boolean;
    }
  | { readonly step: "world"; readonly fact: string; readonly value?: string }
  | { readonly step: "mutate"; readonly object: number; readonly field: Field; readonly value?: ValueSpec }
  | { readonly step: "configure"; readonly config: number; readonly change: Partial<ConfigSpec> }
  | { readonly step: "close" | "open"; readonly stage: Stage }
  | { readonly step: "release"; readonly which: number }
  | { readonly step: "abort"; readonly which: number }
  | { readonly step: "sign in"; readonly process: number; readonly way: number }
  | { readonly step: "pass"; readonly minutes: number };
