import type { SourceContext } from "../contract/context.ts";
import type { AnySource } from "../contract/services.ts";
import type { NormalizedRequest } from "../contract/token.ts";
import { checkOptions } from "../options/check-options.ts";
import { isPlain } from "../options/plain.ts";
import type { ResolvedOptions, ResolvedRequest } from "../token/resolved-request.ts";
import { checkCapabilities } from "./capabilities.ts";
import { type KnownSecrets, wrapKnown } from "./known-secrets.ts";
import { hasOneTenant, homeTenant, tenantFor } from "./tenant.ts";
import { areSameTenant, type HasAliases, learnFromEntra, learnIdOf } from "./tenant-aliases.ts";
import { changePrincipal, type TokenState } from "./token-state.ts";

/** What was read of the options of one placed source. */
export interface OptionsReader {
  /**
   * Options as they were read last, and as the validator returned them. Their text is kept where
   * they hold objects, which may change.
   */
  read: { readonly given: unknown; readonly text: string | undefined; readonly options: unknown } | undefined;
  /** The same with what follows from them. */
  last: ResolvedOptions | undefined;
}

export function createOptionsReader(): OptionsReader {
  return { read: undefined, last: undefined };
}

/** A placed source whose options are read. */
export interface HasOptions extends HasAliases {
  readonly source: AnySource;
  readonly context: SourceContext;
  readonly known: KnownSecrets;
  readonly tokens: TokenState;
  readonly reader: OptionsReader;
  /** The options with their references looked up now. */
  readonly resolveOptions: () => unknown;
  /** The place of the options, for error messages. */
  readonly path: string;
  readonly services: {
    /** Texts that are equal when options are. */
    readonly textOf: (options: unknown) => string;
    /** Throws if no plugin has a source of this name. */
    readonly requireSource: (name: string) => void;
  };
}

type Principal = Pick<ResolvedOptions, "options" | "subject" | "homeTenant">;

/** Whether options name the same principal. Without a subject, equal options do. */
const isSamePrincipal = (a: Principal, b: Principal): boolean =>
  a.subject === b.subject && a.homeTenant === b.homeTenant && (a.subject !== undefined || a.options === b.options);

/**
 * The subject that a source names. A value that is not a string, such as the promise of an `async`
 * function, would be the same key for all principals: it names none, so that the tokens are not
 * stored.
 */
function subjectOf(source: AnySource, options: unknown, context: SourceContext): string | undefined {
  const subject: unknown = source.subject(options, context);
  return typeof subject === "string" && subject !== "" ? subject : undefined;
}

function principalOf(source: AnySource, options: unknown, context: SourceContext): Principal {
  return {
    options,
    subject: subjectOf(source, options, context),
    homeTenant: source.tenantPolicy === "fixed" ? undefined : homeTenant(source, options, context),
  };
}

const isObject = (value: unknown) => (typeof value === "object" && value !== null) || typeof value === "function";

/** Whether no member of an object is an object. */
const isFlat = (value: unknown) => isPlain(value) && !Object.values(value).some(isObject);

/**
 * Whether two objects have the same members, none of which is an object: most options are such, and
 * to compare them takes a tenth of the time of their texts.
 */
function areEqualAndFlat(left: unknown, right: unknown): boolean {
  if (!isPlain(left) || !isPlain(right)) return false;
  const [own, other] = [Object.entries(left), right as Readonly<Record<string, unknown>>];
  if (own.length !== Object.keys(other).length) return false;
  return own.every(([name, value]) => !isObject(value) && Object.hasOwn(other, name) && Object.is(value, other[name]));
}

/**
 * Reads options; returns the same object while they stay equal. They are validated again only when
 * they have changed, because a validator may make new objects each time.
 */
function readAgain({ source, reader, resolveOptions, path, services: { textOf } }: HasOptions): unknown {
  const given = resolveOptions();
  const { read: last } = reader;
  if (last !== undefined && areEqualAndFlat(given, last.given)) return last.options;
  const text = textOf(given);
  if (last !== undefined && text === (last.text ?? textOf(last.given))) return last.options;
  const options = checkOptions(source, given, path);
  reader.read = { given, text: isFlat(given) ? undefined : text, options };
  return options;
}

/** What follows from options that were just read. */
function note({ source, context, reader, tokens }: HasOptions, options: unknown): ResolvedOptions {
  const { last } = reader;
  const principal = principalOf(source, options, context);
  const changed = last !== undefined && !isSamePrincipal(last, principal);
  const resolved = { ...principal, generation: (last?.generation ?? 0) + (changed ? 1 : 0) };
  reader.last = resolved;
  if (changed) changePrincipal(tokens);
  return resolved;
}

/** Reads the options, and does `work` with them; errors go without secrets. */
function reading<T>(placed: HasOptions, work: (resolved: ResolvedOptions) => T, userAssertion?: string): T {
  let options: unknown;
  try {
    options = readAgain(placed);
    return work(note(placed, options));
  } catch (error) {
    throw wrapKnown(placed.known, error, { options, userAssertion });
  }
}

/** Reads the options now; throws when they cannot be read or are not valid. */
export function readOptions(placed: HasOptions): ResolvedOptions {
  return reading(placed, (resolved) => resolved);
}

/** Reads the options, and throws also when one that is needed is missing. */
export function requireOptions(placed: HasOptions): void {
  const { source, context, services } = placed;
  reading(placed, ({ options }) => source.requireOptions?.(options, context, services.requireSource));
}

/** The options as they were when last read; reads them when that has not happened yet. */
export function lastOptions(placed: HasOptions): ResolvedOptions {
  return placed.reader.last ?? readOptions(placed);
}

/** Reads the options for one request and decides its tenant: `undefined` for the source's own. */
export function resolveRequest(
  placed: HasOptions,
  request: NormalizedRequest,
): ResolvedOptions & { readonly tenantId: string | undefined } {
  const { source, context, aliases } = placed;
  const decide = (resolved: ResolvedOptions) => {
    checkCapabilities(source, resolved.options, request);
    const areSame = (left: string, right: string) => areSameTenant(aliases, left, right);
    return { ...resolved, tenantId: tenantFor(source, resolved.homeTenant, context, request.tenantId, areSame) };
  };
  return reading(placed, decide, request.userAssertion);
}

/**
 * Looks whether the tenant of a request that was refused is another name of one that is allowed.
 * Resolves to whether it is: then the request is accepted.
 */
export async function learnTenant(
  placed: HasOptions,
  { tenantId }: NormalizedRequest,
  signal: AbortSignal,
): Promise<boolean> {
  const { last } = placed.reader;
  if (tenantId === undefined || last === undefined) return false;
  const own = last.homeTenant === undefined ? [] : [last.homeTenant];
  return learnFromEntra(placed, tenantId, [...own, ...placed.context.defaults.additionallyAllowedTenants], signal);
}

/**
 * Learns the id of the tenant that was the own one when the request began, where it is configured
 * as a domain.
 */
export function learnFromToken(
  { aliases }: HasOptions,
  { tenantId, homeTenant: home }: Pick<ResolvedRequest, "tenantId" | "homeTenant">,
  token: string,
): void {
  if (tenantId === undefined && home !== undefined) learnIdOf(aliases, home, token);
}

/** Whether a tenant is the source's own, as its options were when last read. */
export function isHome({ source, context, reader, aliases }: HasOptions, tenantId: string): boolean {
  if (hasOneTenant(source, context)) return true;
  const home = reader.last?.homeTenant;
  return home !== undefined && (home === tenantId || areSameTenant(aliases, home, tenantId));
}

/** Whether these options speak for the principal of those that were read last. */
export function isCurrent({ last }: OptionsReader, { generation }: Pick<ResolvedOptions, "generation">): boolean {
  return generation === last?.generation;
}
