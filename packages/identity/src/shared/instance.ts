/** What one credential has: how it signs in, and its link once a token has been requested. */
import type { AccessToken as CoreToken, SharedSettings } from "@azidentity/core";
import type { FailedCall } from "../errors/core-error.ts";
import type { AccessToken } from "../types/token.ts";
import { type Variables, workingDirectory } from "./environment.ts";
import {
  derivedFrom,
  type Environment,
  environmentWith,
  hashOf,
  type Link,
  type LinkCredential,
  leaveLink,
  openLink,
  type Root,
  rootOf,
  type WholeEnvironment,
} from "./links.ts";

/** A source with its options, or the default chain. */
export type Origin =
  | {
      readonly source: string;
      readonly options: Readonly<Record<string, unknown>>;
      /** The user on whose behalf. */
      readonly userAssertion?: string | undefined;
    }
  | "default-chain";

/** How a credential signs in. */
export interface LinkRequest {
  /** Name of its class, which may be a subclass of ours. */
  readonly className: string;
  /** Names of the classes in its spans: its own, and that of a class which it chooses, below it. */
  readonly spanNames: readonly string[];
  /** Name of our class. */
  readonly base: string;
  /** What of core it stands for. */
  readonly of: Origin;
  /** The settings of its identity, and services of the caller's own. */
  readonly config: SharedSettings;
  readonly overrides: object;
  /** The variables as they were when the credential was made. */
  readonly environment: Environment;
  /** Whether credentials with equal settings share their tokens. */
  readonly shares: boolean;
  /** How core's errors become those that its callers expect. */
  readonly translate: (error: unknown, call: FailedCall) => unknown;
}

/** What is used of a link. */
export interface Opened {
  readonly link: Link;
  /** That of the link, or of the one user of a credential. */
  readonly credential: LinkCredential;
}

export interface Instance {
  readonly request: LinkRequest;
  opening: Promise<Opened> | undefined;
  /** Once it has been opened, and until it is closed. */
  opened: Opened | undefined;
  isClosed: boolean;
  /**
   * What core answered the last hit with. Equal hits are the same promise, so its token is taken
   * once.
   */
  answer: Promise<CoreToken> | undefined;
  answered: AccessToken | undefined;
  /** The token whose account has been logged. */
  logged?: string;
}

const instance = Symbol("azidentity");

/**
 * Keeps what a credential has on the credential itself, in a property that copies of it take along
 * (`Object.assign`, lodash's `cloneDeep`), and in which comparisons of properties find credentials
 * different, whose settings are not to be seen. In a function, because nothing that prints a
 * credential, hidden properties included, shows what a function holds.
 */
export function keepOn<T>(credential: object, name: symbol, kept: T): void {
  (credential as Record<symbol, () => T>)[name] = () => kept;
}

/** Remembers how a credential signs in. Does nothing yet. */
export function prepareLink(
  credential: object,
  given: Omit<LinkRequest, "environment"> & { readonly variables: Variables },
): void {
  const { variables, ...rest } = given;
  const request = { ...rest, environment: environmentWith(variables) };
  const own: Instance = {
    request,
    opening: undefined,
    opened: undefined,
    isClosed: false,
    answer: undefined,
    answered: undefined,
  };
  keepOn(credential, instance, own);
}

/** `undefined`: the credential was made without its constructor, as mocks are. */
export const findInstance = (credential: object): Instance | undefined =>
  (credential as { [instance]?: () => Instance })[instance]?.();

export function instanceOf(credential: object): Instance {
  const found = findInstance(credential);
  if (found !== undefined) return found;
  throw new TypeError("This credential was made without its constructor, so it cannot sign in. Make it with `new`.");
}

/**
 * Which content the files of certificates have, so that a new one is not served a token of the old
 * one.
 */
function certificateFiles({ of, environment }: LinkRequest): unknown[] {
  const given = of === "default-chain" ? undefined : of.options.certificatePath;
  const paths = [given, environment.variables.AZURE_CLIENT_CERTIFICATE_PATH];
  const { statSync } = process.getBuiltinModule("node:fs");
  return paths.map((path) => {
    if (typeof path !== "string") return undefined;
    try {
      const { ino, size, mtimeMs } = statSync(path);
      return [ino, size, mtimeMs];
    } catch {
      return undefined; // the source says what is wrong with it
    }
  });
}

function keyOf(request: LinkRequest, { others }: WholeEnvironment): string | undefined {
  const { className, of, config, environment, shares } = request;
  if (!shares) return undefined;
  const variables = [environment.text, others];
  return hashOf([className, workingDirectory(), of, config, variables, certificateFiles(request)]);
}

/**
 * What has the tokens of a credential: one source over an identity that credentials with equal
 * settings have in common. A chain, a store and services of the caller's own need an identity of
 * their own.
 */
function makeLink(
  root: Root,
  { of, config, overrides, environment }: LinkRequest,
  { variables, others }: WholeEnvironment,
): Pick<Link, "credential" | "close"> {
  const derive = () => root.identity.with(config, { ...overrides, env: variables });
  if (of !== "default-chain" && config.cache === undefined && Object.keys(overrides).length === 0) {
    const common = derivedFrom(root, [config, environment.text, others], derive);
    const credential = common.createCredential(of.source, of.options);
    return { credential, close: credential.close };
  }
  const identity = derive();
  const credential = of === "default-chain" ? identity : identity.credential(of.source, of.options);
  return { credential, close: identity.close };
}

/** Core refuses an old runtime, before anything here needs what it lacks. */
async function refuseOldRuntime(): Promise<void> {
  const { createIdentity } = await import("@azidentity/core");
  createIdentity();
}

async function open(request: LinkRequest): Promise<Opened> {
  if (process.getBuiltinModule === undefined) await refuseOldRuntime();
  const { of, config, environment } = request;
  const whole = environment.whole();
  const root = await rootOf(environment, whole, config.cache?.store);
  const link = openLink(keyOf(request, whole), () => makeLink(root, request, whole));
  const user = of === "default-chain" ? undefined : of.userAssertion;
  return { link, credential: (user === undefined ? undefined : link.credential.forUser?.(user)) ?? link.credential };
}

/** What calls of a closed credential reject with. */
export async function closedError(): Promise<Error> {
  const { AbortError } = await import("@azidentity/core");
  return new AbortError("This credential was closed. Make a new one.", { code: "closed" });
}

/** The link of a credential, which its first call opens. */
export async function opened(own: Instance): Promise<Opened> {
  if (own.isClosed) throw await closedError();
  own.opening ??= open(own.request).then(
    (done) => {
      if (!own.isClosed) own.opened = done;
      return done;
    },
    (error) => {
      own.opening = undefined;
      throw error;
    },
  );
  return own.opening;
}

/** Ends a credential. A second call has no effect. */
export async function closeLink(credential: object): Promise<void> {
  const own = findInstance(credential);
  if (own === undefined || own.isClosed) return;
  own.isClosed = true;
  own.opened = undefined;
  own.answer = undefined;
  own.answered = undefined;
  const used = await own.opening?.catch(() => undefined);
  if (used !== undefined) await leaveLink(used.link);
}
