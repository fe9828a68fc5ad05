import type { SourceContext } from "./context.ts";
import type { OptionsSchema } from "./options.ts";
import type { AuthenticationRecord, Credential } from "./source.ts";
import type { TokenStore } from "./store.ts";
import type { IssuedToken, TokenRequest } from "./token.ts";

/** Names a service and carries its type. `Symbol.for`, so that two copies of core in one process mean the same service. */
export type ServiceToken<T> = symbol & { readonly __service?: T };

/** Makes the token of a service: `serviceToken<Clock>("clock")`. The version counts breaking changes of its interface. */
export function serviceToken<T>(name: string, version = 1): ServiceToken<T> {
  return Symbol.for(`@azidentity/${name}@${version}`);
}

/** A service that a plugin brings. Named, so that a config can choose it and give it options: `cache: { store: "redis" }`. */
export interface ServiceProvider<T = unknown, Options = unknown> {
  readonly token: ServiceToken<T>;
  /** kebab-case, e.g. `redis`. */
  readonly name: string;
  readonly options?: OptionsSchema<Options>;
  create(options: Options, context: SourceContext): T | Promise<T>;
}

/** HTTP as sources see it: no redirects, no retries, bounded answers. Rejects when nobody answers or the signal ends. */
export interface Http {
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
}
export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** `never` for metadata addresses. Default `default`: what the environment and the config say. */
  readonly proxy?: "default" | "never";
  /** Own roots (PEM), server name, pinned certificate (SHA-1 or SHA-256 thumbprint in hex, compared before anything is sent; such a connection goes past every proxy). */
  readonly tls?: { readonly ca?: string; readonly serverName?: string; readonly pinnedThumbprint?: string };
  /** Bytes; a longer answer is an error. Default 1 048 576. */
  readonly maxResponseBytes?: number;
}
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; several values joined with `, `. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** UTF-8. */
  readonly body: string;
}

/** Programs on this machine, run without a shell. */
export interface Commands {
  /** Absolute path of a program on PATH by its bare name, without running anything. The current directory is never searched. */
  find(program: string): string | undefined;
  /**
   * Runs the program at this absolute path with stdin closed, in a folder of the system's: nothing is loaded from the current directory.
   * When the signal ends, the whole process tree does. A non-zero exit code is a result, not an error. Anything but an absolute path is
   * refused as `not-installed`.
   */
  run(file: string, args: readonly string[], options: CommandOptions, signal: AbortSignal): Promise<CommandResult>;
}
export interface CommandOptions {
  /** Added to the environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Bytes of stdout and stderr each; more is an error. Default 1 048 576. */
  readonly maxOutputBytes?: number;
}
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Clock {
  /** Wall clock, milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** Milliseconds from an arbitrary start; never goes back. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason. Keeps the process alive, because somebody is waiting: end what nobody waits for. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The shape of `console` and of pino (which takes fields first; wrap it). Messages and fields are redacted before they arrive here. */
export interface Logger {
  error(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  debug(message: string, fields?: object): void;
  /** Whether lines of that level go anywhere, for what costs much to say. Absent: they may. */
  writes?(level: "error" | "warn" | "info" | "debug"): boolean;
}

/** Lets a source use another source's tokens (federated credentials), through the cache; cycles are refused. */
export interface SourceLookup {
  credential(name: string, options?: unknown): { getToken(request: TokenRequest): Promise<IssuedToken> };
}

/** The account broker of the operating system, for other sources that sign people in. */
export interface NativeBroker {
  /** Whether there may be one, as far as can be told without asking it. */
  readonly available: boolean;
  /** Why, in a sentence. */
  readonly reason: string;
  /** Tokens of one account. Throws at options that are wrong. */
  credential(options: NativeBrokerOptions): BrokerCredential;
  /** An `INativeBrokerPlugin` of `@azure/msal-node`, which core does not know. Its calls end with the signal, and reject with errors of ours. */
  plugin(signal: AbortSignal): unknown;
}

/** Whom a broker is asked for, as which application. Names as in the Azure SDKs. */
export interface NativeBrokerOptions {
  /** Name of the source that asks; starts the messages of errors. */
  readonly who: string;
  /** What a person has to do to sign in again, as a sentence. */
  readonly signIn: string;
  readonly clientId: string;
  /** A tenant, or one of `common`, `organizations`, `consumers`. */
  readonly tenantId: string;
  /** Default: the broker's own. */
  readonly redirectUri?: string | undefined;
  readonly loginHint?: string | undefined;
  readonly authenticationRecord?: AuthenticationRecord | undefined;
  /** Whether the operating system's default account will do where nobody is named. Default true. */
  readonly useDefaultBrokerAccount?: boolean | undefined;
  /** Bytes of the handle of the window above which a dialog is shown. */
  readonly parentWindowHandle?: Uint8Array | undefined;
  /** Whether personal accounts may pass. Default false. */
  readonly legacyEnableMsaPassthrough?: boolean | undefined;
}

/** Silent, but for the two that sign in. */
export interface BrokerCredential extends Credential {
  /** Shows the broker's dialog, and says who it was. */
  authenticate(request: TokenRequest): Promise<AuthenticationRecord>;
  /** Shows the broker's dialog, and brings the token. */
  signIn(request: TokenRequest): Promise<IssuedToken>;
}

/** The tokens of the services that core knows. */
export const services = {
  http: serviceToken<Http>("http"),
  commands: serviceToken<Commands>("commands"),
  clock: serviceToken<Clock>("clock"),
  logger: serviceToken<Logger>("logger"),
  tokenStore: serviceToken<TokenStore>("token-store"),
  sourceLookup: serviceToken<SourceLookup>("source-lookup"),
  nativeBroker: serviceToken<NativeBroker>("native-broker"),
} as const;

/** What core calls of each service, by the name of its token in `services`. */
const methods: Readonly<Record<string, readonly string[]>> = {
  http: ["send"],
  commands: ["find", "run"],
  clock: ["now", "monotonic", "sleep"],
  logger: ["error", "warn", "info", "debug"],
  tokenStore: ["get", "set", "delete", "update"],
};

/**
 * The first method that a value lacks to be that service; `undefined`: none, or core does not call
 * it itself.
 */
export function missingMethod(name: string, service: unknown): string | undefined {
  return methods[name]?.find((method) => typeof Object(service)[method] !== "function");
}
