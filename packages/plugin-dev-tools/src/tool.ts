import type { OptionsSchema, OutcomeCode } from "@azidentity/core/plugin";

export type Env = Readonly<Record<string, string | undefined>>;

export interface CliOptions {
  readonly tenantId?: string | null | undefined;
  readonly configDirectory?: string | undefined;
  readonly processTimeoutInMs?: number | undefined;
  readonly subscription?: string | undefined;
}

/** One run of a tool; everything in it is checked. */
export interface Call {
  /** Checked against a narrow alphabet, never with a dash in front. */
  readonly scopes: readonly [string, ...string[]];
  readonly tenantId: string | undefined;
  readonly subscription: string | undefined;
  /** Base64 of the claims' UTF-8 text. */
  readonly claims: string | undefined;
  /** The folder given in the options; `undefined`: the tool's own. */
  readonly configDirectory: string | undefined;
}

/** What a tool printed, as far as it can be used. */
export interface Answer {
  readonly token: string;
  /** Seconds since 1970, where the tool says them. */
  readonly expiresOn?: unknown;
  /** A time as text, of whatever zone. */
  readonly expiresText?: unknown;
  readonly tenantId?: unknown;
  /** `https://...` of the authority it is signed in to, where the answer says it. */
  readonly authority?: unknown;
}

/** What a text of the tool's means. The first rule that fits wins. */
export interface FailureRule {
  readonly says: RegExp;
  readonly outcome: OutcomeCode;
  readonly code?: string;
  readonly remedy: string | ((call: Call) => string);
}

/** All that makes one tool different from the others. */
export interface CliTool<Name extends string, Options extends CliOptions> {
  readonly name: Name;
  /** As people call it. */
  readonly title: string;
  readonly priority: number;
  readonly options: OptionsSchema<Options>;
  /** Its names on PATH; the next one is tried when the one before is not there, or lacks something. */
  readonly programs: readonly string[];
  /** How to get it, and what to run then. */
  readonly install: string;
  /** The folder in which it keeps its sign-in, below the home folder or where a variable says. */
  folder(env: Env, home: string): string;
  /** The files that name the account, in that folder or elsewhere. Not those that a run of the tool rewrites. */
  accountFiles(folder: string, env: Env, home: string): readonly string[];
  /** Whether the environment has it ask somewhere else, so that its files do not tell the account. */
  usesOtherAccount?(env: Env): boolean;
  /** The authority host that it is set to, by its files; `undefined` when they do not say. */
  authority?(folder: string, env: Env): string | undefined;
  args(call: Call): readonly string[];
  /** Variables over those of the user. */
  env(call: Call): Readonly<Record<string, string | undefined>>;
  /** The member that holds the token in what it prints. */
  readonly tokenKey: string;
  /** What it prints beside the token. */
  read(printed: Readonly<Record<string, unknown>>): Omit<Answer, "token">;
  /** What it says of a failure, out of whatever it wraps that in. */
  said?(stderr: string): string;
  readonly failures: readonly FailureRule[];
  /** The command that signs in for this call. */
  signIn(call: Call): string;
  /** How to switch it to the cloud of that authority. */
  switchCloud(authorityHost: string): string;
  /** For a tool that cannot be given claims: the command that satisfies them. */
  claimsCommand?(call: Call): string;
  /** Whether it can be asked for several scopes at once, and for others than `<resource>/.default`. */
  readonly scopes: { readonly several: boolean; readonly single: boolean };
}

/** A tool, whatever its options. */
export type AnyTool = Omit<CliTool<string, CliOptions>, "options">;
