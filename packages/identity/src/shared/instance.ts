/** What one credential has: how it signs in, and its link once a token has been requested. */
import type {
  AccessToken as CoreToken,
  Identity,
  SharedSettings,
  SourceCredential,
  UserCredential,
} from "@azidentity/core";
import type { FailedCall } from "../errors/core-error.ts";
import { logFailure, logPrincipal, logSuccess } from "../logging/credential-log.ts";
import { logger } from "../logging/logger.ts";
import { readCallOptions } from "../settings/call-options.ts";
import { inSpan, noteSpan } from "../tracing/spans.ts";
import type { AuthenticationRecord } from "../types/options.ts";
import type { AccessToken, GetTokenOptions } from "../types/token.ts";
import { type Variables, workingDirectory } from "./environment.ts";
import { type Environment, environmentWith, hashOf, type Link, leaveLink, openLink, rootOf } from "./links.ts";

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
interface Opened {
  readonly key: string | undefined;
  readonly link: Link;
  readonly credential: UserCredential & Partial<Pick<SourceCredential, "authenticate">>;
}

interface Instance {
  readonly request: LinkRequest;
  opening: Promise<Opened> | undefined;
  /** Once it has been opened. */
  opened: Opened | undefined;
  isClosed: boolean;
  /** What core answered the last hit with. Equal hits are the same promise, so its token is taken once. */
  answer: Promise<CoreToken> | undefined;
  answered: AccessToken | undefined;
  /** The token whose account has been logged. */
  logged?: string;
}

/** Keeps it on the credential itself, where no program that copies or prints it finds it. */
const instance = Symbol("azidentity");

/** Remembers how a credential signs in. Does nothing yet. */
export function prepareLink(
  credential: object,
  given: Omit<LinkRequest, "environment"> & { readonly variables: Variables },
): void {
  const { variables, ...rest } = given;
  const request = { ...rest, environment: environmentWith(variables) };
  const value: Instance = {
    request,
    opening: undefined,
    opened: undefined,
    isClosed: false,
    answer: undefined,
    answered: undefined,
  };
  Object.defineProperty(credential, instance, { value, configurable: true });
}

function instanceOf(credential: object): Instance {
  const found = (credential as { [instance]?: Instance })[instance];
  if (found !== undefined) return found;
  throw new TypeError("This credential was made without its constructor, so it cannot sign in. Make it with `new`.");
}

/** Which content the files of certificates have, so that a new one is not served a token of the old one. */
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

function keyOf(request: LinkRequest): string | undefined {
  const { className, of, config, environment, shares } = request;
  if (!shares) return undefined;
  return hashOf([className, workingDirectory(), of, config, environment.text, certificateFiles(request)]);
}

function credentialOf(identity: Identity, of: Origin): Opened["credential"] {
  if (of === "default-chain") return identity;
  const credential = identity.credential(of.source, of.options);
  return of.userAssertion === undefined ? credential : credential.forUser(of.userAssertion);
}

async function open(request: LinkRequest): Promise<Opened> {
  const { of, config, overrides, environment } = request;
  const root = await rootOf(environment, config.cache?.store);
  const key = keyOf(request);
  const link = openLink(key, () => root.with(config, { ...overrides, env: environment.whole() }));
  return { key, link, credential: credentialOf(link.identity, of) };
}

async function opened(own: Instance): Promise<Opened> {
  if (own.isClosed) {
    const { AbortError } = await import("@azidentity/core");
    throw new AbortError("This credential was closed. Make a new one.", { code: "closed" });
  }
  own.opening ??= open(own.request).then(
    (done) => {
      own.opened = done;
      return done;
    },
    (error) => {
      own.opening = undefined;
      throw error;
    },
  );
  return own.opening;
}

/** Runs a call of a credential in a span, logs how it ended, and translates its error. */
async function call<T>(
  credential: object,
  method: "getToken" | "authenticate",
  [scopes, options]: [scopes: string | string[], options: GetTokenOptions | undefined],
  run: (credential: Opened["credential"], options: GetTokenOptions) => Promise<T>,
): Promise<T> {
  const own = instanceOf(credential);
  const { className, base, translate } = own.request;
  const given = readCallOptions(options);
  try {
    const result = await inSpan(`${className}.${method}`, given, async (inner) =>
      run((await opened(own)).credential, inner),
    );
    logSuccess(className, scopes);
    return result;
  } catch (error) {
    const translated = translate(error, { className, of: base, scopes, options: given });
    logFailure(className, scopes, translated);
    throw translated;
  }
}

/** The token of core as an object of the caller's own. */
function copyOf({ token, expiresOnTimestamp, refreshAfterTimestamp, tokenType }: AccessToken | CoreToken): AccessToken {
  return { token, expiresOnTimestamp, refreshAfterTimestamp, tokenType };
}

/** A line about whose token it is, once for each token. */
async function logAccount(own: Instance, token: CoreToken): Promise<void> {
  if (own.logged === token.token || !logger.info.enabled) return;
  own.logged = token.token;
  const { principalOf } = await import("@azidentity/core");
  logPrincipal(principalOf(token));
}

/** A token that core has in memory; `undefined`: it has none, or a line about the call is to be logged. */
function hitOf(
  own: Instance,
  scopes: string | string[],
  options: GetTokenOptions | undefined,
): Promise<AccessToken> | undefined {
  if (own.isClosed || logger.info.enabled) return undefined;
  const hit = own.opened?.credential.peek(scopes, options);
  if (hit === undefined) return undefined;
  noteSpan(`${own.request.className}.getToken`, options);
  if (hit === own.answer && own.answered !== undefined) return Promise.resolve(copyOf(own.answered));
  own.answer = hit;
  own.answered = undefined;
  return hit.then((token) => {
    if (own.answer === hit) own.answered = copyOf(token);
    return copyOf(token);
  });
}

/** A token from the link of a credential. */
export function tokenOf(
  credential: object,
  scopes: string | string[],
  options: GetTokenOptions | undefined,
): Promise<AccessToken> {
  const own = (credential as { [instance]?: Instance })[instance];
  const hit = own && hitOf(own, scopes, options);
  if (hit !== undefined) return hit;
  return call(credential, "getToken", [scopes, options], async (source, given) => {
    const token = await source.getToken(scopes, given);
    if (own?.request.config.log?.allowLoggingAccountIdentifiers === true) await logAccount(own, token);
    return copyOf(token);
  });
}

/** Signs a user in now, and returns the account. */
export function authenticateBy(
  credential: object,
  scopes: string | string[],
  options: GetTokenOptions | undefined,
): Promise<AuthenticationRecord | undefined> {
  return call(credential, "authenticate", [scopes, options], async (source, given) => {
    const record = await source.authenticate?.(scopes, given);
    return record && { ...record, version: "1.0" };
  });
}

/** Ends a credential. A second call has no effect. */
export async function closeLink(credential: object): Promise<void> {
  const own = (credential as { [instance]?: Instance })[instance];
  if (own === undefined || own.isClosed) return;
  own.isClosed = true;
  own.answered = undefined;
  const used = await own.opening?.catch(() => undefined);
  if (used !== undefined) await leaveLink(used.key, used.link);
}
