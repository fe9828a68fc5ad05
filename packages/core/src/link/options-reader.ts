import type { SourceContext } from "../contract/context.ts";
import type { AnySource } from "../contract/services.ts";
import type { NormalizedRequest } from "../contract/token.ts";
import { createTextOf, isPlain } from "../options/plain.ts";
import type { ResolvedOptions, ResolvedRequest } from "../token/resolved-request.ts";
import { checkCapabilities } from "./capabilities.ts";
import type { KnownSecrets } from "./known-secrets.ts";
import { hasOneTenant, homeTenant, tenantFor } from "./tenant.ts";
import { createTenantAliases } from "./tenant-aliases.ts";

/** Reads the options of one placed source and remembers the principal of its tokens. */
export interface OptionsReader {
  /** Reads the options now; throws when they cannot be read or are not valid. */
  read(): ResolvedOptions;
  /** Reads the options, and throws also when one that is needed is missing. */
  check(): void;
  /** As they were when last read; reads them when that has not happened yet. */
  last(): ResolvedOptions;
  /** Reads the options for one request and decides its tenant: `undefined` for the source's own. */
  resolve(request: NormalizedRequest): ResolvedOptions & { readonly tenantId: string | undefined };
  /**
   * Looks whether the tenant of a request that was refused is another name of one that is allowed.
   * Resolves to whether it is: then `resolve` accepts it.
   */
  learnTenant(request: NormalizedRequest, signal: AbortSignal): Promise<boolean>;
  /**
   * Learns the id of the tenant that was the own one when the request began, where it is configured
   * as a domain.
   */
  learnFromToken(request: Pick<ResolvedRequest, "tenantId" | "homeTenant">, token: string): void;
  /** Whether a tenant is the source's own, as its options were when last read. */
  isHome(tenantId: string): boolean;
  /** Whether these options speak for the principal of those that were read last. */
  isCurrent(options: Pick<ResolvedOptions, "generation">): boolean;
}

export interface OptionsReaderSettings {
  readonly source: AnySource;
  readonly context: SourceContext;
  readonly known: Pick<KnownSecrets, "wrap">;
  /** The options with their references looked up now. */
  readonly readOptions: () => unknown;
  /**
   * Validates what was read. Called again only when it has changed, because a validator may make
   * new objects each time.
   */
  readonly checkOptions: (read: unknown) => unknown;
  /** Called when options that were just read speak for another principal than those before. */
  readonly onPrincipalChange: () => void;
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

/** Reads and validates options; returns the same object while they stay equal. */
function createReadOptions({ readOptions, checkOptions }: OptionsReaderSettings): () => unknown {
  const textOf = createTextOf();
  let last: { readonly read: unknown; readonly text: string; readonly options: unknown } | undefined;
  return () => {
    const read = readOptions();
    if (last !== undefined && areEqualAndFlat(read, last.read)) return last.options;
    const text = textOf(read);
    if (last?.text !== text) last = { read, text, options: checkOptions(read) };
    return last.options;
  };
}

/** What a source knows of the names of its tenants. */
interface TenantNames extends Pick<OptionsReader, "learnTenant" | "learnFromToken" | "isHome"> {
  /** The tenant of a request to the source: `undefined` for its own. */
  tenantOf(request: NormalizedRequest, home: string | undefined): string | undefined;
}

/** @param lastOptions the options as they were last read */
function createTenantNames(
  { source, context }: OptionsReaderSettings,
  lastOptions: () => ResolvedOptions | undefined,
): TenantNames {
  const platformDecides = hasOneTenant(source, context);
  const aliases = createTenantAliases(source.name, context);
  return {
    tenantOf: ({ tenantId }, home) => tenantFor(source, home, context, tenantId, aliases.areSame),
    async learnTenant({ tenantId }, signal) {
      const last = lastOptions();
      if (tenantId === undefined || last === undefined) return false;
      const own = last.homeTenant === undefined ? [] : [last.homeTenant];
      return aliases.learnFromEntra(tenantId, [...own, ...context.defaults.additionallyAllowedTenants], signal);
    },
    learnFromToken({ tenantId, homeTenant: home }, token) {
      if (tenantId === undefined && home !== undefined) aliases.learnFromToken(home, token);
    },
    isHome(tenantId) {
      if (platformDecides) return true;
      const home = lastOptions()?.homeTenant;
      return home !== undefined && (home === tenantId || aliases.areSame(home, tenantId));
    },
  };
}

export function createOptionsReader(settings: OptionsReaderSettings): OptionsReader {
  const { source, context } = settings;
  const readOptions = createReadOptions(settings);
  let last: ResolvedOptions | undefined;
  const names = createTenantNames(settings, () => last);

  /** What follows from options that were just read. */
  const note = (options: unknown): ResolvedOptions => {
    const principal = principalOf(source, options, context);
    const changed = last !== undefined && !isSamePrincipal(last, principal);
    last = { ...principal, generation: (last?.generation ?? 0) + (changed ? 1 : 0) };
    if (changed) settings.onPrincipalChange();
    return last;
  };
  /** Reads the options, and does `work` with them; errors go without secrets. */
  const reading = <T>(work: (resolved: ResolvedOptions) => T, userAssertion?: string): T => {
    let options: unknown;
    try {
      options = readOptions();
      return work(note(options));
    } catch (error) {
      throw settings.known.wrap(error, { options, userAssertion });
    }
  };
  const read = () => reading((resolved) => resolved);

  return {
    read,
    check: () => reading(({ options }) => source.requireOptions?.(options, context)),
    last: () => last ?? read(),
    resolve: (request) =>
      reading((resolved) => {
        checkCapabilities(source, resolved.options, request);
        return { ...resolved, tenantId: names.tenantOf(request, resolved.homeTenant) };
      }, request.userAssertion),
    learnTenant: names.learnTenant,
    learnFromToken: names.learnFromToken,
    isHome: names.isHome,
    isCurrent: ({ generation }) => generation === last?.generation,
  };
}
