import {
  type AuthenticationErrorCode,
  type HomeTenant,
  knownCloudOf,
  knownClouds,
  type OptionsSchema,
  type OutcomeCode,
  type SourceContext,
} from "@azidentity/core/plugin";

export type Env = Readonly<Record<string, string | undefined>>;

export interface CliOptions {
  readonly tenantId?: string | null | undefined;
  readonly configDirectory?: string | undefined;
  readonly processTimeoutInMs?: number | undefined;
  readonly subscription?: string | undefined;
}

/** The checked input of one run of a tool. */
export interface Call {
  /** Only characters that are safe on a command line; never starts with a dash. */
  readonly scopes: readonly [string, ...string[]];
  readonly tenantId: string | undefined;
  readonly subscription: string | undefined;
  /** Base64 of the claims' UTF-8 text. */
  readonly claims: string | undefined;
  /** The folder in the options; `undefined` for the tool's own. */
  readonly configDirectory: string | undefined;
  /**
   * Whether nothing names a folder for the tool's sign-in: no option, no variable, no home folder.
   */
  readonly isHomeless: boolean;
}

/** The members of a tool's output that are used. */
export interface Answer {
  readonly token: string;
  /** Seconds since 1970, where the tool prints them. */
  readonly expiresOn?: unknown;
  /** A time as text, in any zone. */
  readonly expiresText?: unknown;
  readonly tenantId?: unknown;
  /** `https://...` of the authority that the tool is signed in to, where it prints it. */
  readonly authority?: unknown;
}

/** How an error text is classified. The first rule whose pattern matches wins. */
export interface FailureRule {
  readonly pattern: RegExp;
  readonly outcome: OutcomeCode;
  readonly code?: AuthenticationErrorCode;
  readonly remedy: string | ((call: Call, tool: AnyTool) => string);
}

/** Everything that differs between the tools. */
export interface CliTool<Name extends string, Options extends CliOptions> {
  readonly name: Name;
  /** The name in messages. */
  readonly title: string;
  readonly priority: number;
  readonly options: OptionsSchema<Options>;
  /**
   * Its names on PATH. The next one is tried when the previous one is not installed, or a module of
   * it is missing.
   */
  readonly programs: readonly string[];
  /** How to install it, and what to run afterwards. */
  readonly install: string;
  /**
   * The folder with its sign-in, below the home folder or named by a variable; `undefined` for an
   * account that has neither.
   */
  folder(env: Env, home: string | undefined): string | undefined;
  /**
   * The files that name the account, in that folder or elsewhere, without those that a run of the
   * tool rewrites.
   */
  accountFiles(folder: string, env: Env, home: string | undefined): readonly string[];
  /**
   * Whether the environment makes it use another sign-in, so that its files do not name the
   * account.
   */
  usesOtherAccount?(env: Env): boolean;
  /** The authority host in its files; `undefined` when they name none. */
  authority?(folder: string, env: Env): string | undefined;
  args(call: Call): readonly string[];
  /** Variables that are added to those of the user. */
  env(call: Call): Readonly<Record<string, string | undefined>>;
  /** The member of the output that holds the token; the first of these names that is there. */
  readonly tokenKeys: readonly string[];
  /** Reads the other members of the output. */
  read(printed: Readonly<Record<string, unknown>>): Omit<Answer, "token">;
  /** Extracts the error text from structured output; `undefined` where it is plain text. */
  extractError?(stderr: string, stdout: string): string | undefined;
  /**
   * The error text of an account that has one tenant, when a tenant is named: the tool is run again
   * without one.
   */
  readonly refusesTenant?: RegExp;
  readonly failures: readonly FailureRule[];
  /** The command that signs in for this call. */
  signIn(call: Call): string;
  /** The command that removes everything that it has stored of its sign-ins. */
  readonly signOut: string;
  /** The command that switches it to the cloud of that authority. */
  switchCloud(authorityHost: string): string;
  /** For a tool without an option for claims: the command that satisfies them. */
  claimsCommand?(call: Call): string;
  /**
   * Whether it accepts several scopes at once, and scopes other than `<resource>/.default`.
   */
  readonly scopes: { readonly several: boolean; readonly single: boolean };
}

/** A tool with any options. */
export type AnyTool = Omit<CliTool<string, CliOptions>, "options">;

/** The options of all tools. */
export const sharedOptions = {
  tenantId: {
    type: "string",
    nullable: true,
    description:
      "Tenant of the token, by id or domain. Default: the config's `tenantId`, else the tool's own; null ignores the config's.",
  },
  processTimeoutInMs: {
    type: "number",
    minimum: 1,
    maximum: 2_147_483_647, // the maximum of a timer
    description: "Milliseconds for one run of the tool. Default 30 000.",
  },
} as const;

/** AZURE_TENANT_ID is ignored: it names the tenant of a service principal, not of a developer. */
export const homeTenant: HomeTenant<CliOptions> = {};

/** The programs of a tool that are on PATH, by full path. */
export function programsOf(tool: AnyTool, { commands }: Pick<SourceContext, "commands">): string[] {
  return tool.programs.map((name) => commands.find(name)).filter((file) => file !== undefined);
}

export function notInstalled({ title, programs }: AnyTool): string {
  return `${title} (${programs.join(", ")}) is not on PATH.`;
}

const defaultSuffix = "/.default";

/** The resource of a scope that ends in `/.default`. */
export function resourceOf(scope: string): string | undefined {
  return scope.endsWith(defaultSuffix) ? scope.slice(0, -defaultSuffix.length) : undefined;
}

/**
 * A command for the account in this folder, as the user types it: in a POSIX shell, or in
 * PowerShell on Windows.
 */
export function inFolder(
  variable: string,
  folder: string | undefined,
  command: string,
  platform: string = process.platform,
): string {
  if (folder === undefined) return command;
  return platform === "win32" ? `$env:${variable}="${folder}"; ${command}` : `${variable}="${folder}" ${command}`;
}

/** The authority of a cloud, by its name in the tools. */
export function authorityOfCloud(name: string): string | undefined {
  const cloud = knownClouds.find(({ toolName }) => toolName?.toLowerCase() === name.toLowerCase());
  return cloud && `https://${cloud.hosts[0]}`;
}

/** The name in the tools of an authority's cloud; `undefined` if they do not know it. */
export function cloudName(authority: string): string | undefined {
  return knownCloudOf(authority)?.toolName;
}
