import type { SourceContext } from "../contract/context.ts";
import type { AnySource } from "../contract/plugin.ts";
import type { NormalizedRequest, TokenRequest } from "../contract/token.ts";
import { checkCapabilities } from "./capabilities.ts";
import { textOf } from "./keeper.ts";
import { hasOneTenant, homeTenant, tenantFor } from "./tenant.ts";
import { secretsOf, wrapError } from "./wrap-error.ts";

/** The options of a placed source, read once, and what follows from them. */
export interface ResolvedOptions {
  /** Validated, references looked up. */
  readonly options: unknown;
  /** Names what the source's tokens speak for; `undefined`: nothing is known about that. */
  readonly subject: string | undefined;
  /** The tenant that is meant when a request names none. */
  readonly homeTenant: string | undefined;
}

/** One acquisition with what was decided when it began; every later step uses these values. */
export interface ResolvedRequest extends TokenRequest, ResolvedOptions {}

/** Reads the options of one placed source and remembers what its tokens speak for. */
export interface OptionsReader {
  /** Reads the options now; throws when they cannot be read or are not valid. */
  read(): ResolvedOptions;
  /** As they were when last read; reads them when that has not happened yet. */
  readonly last: ResolvedOptions;
  /** Reads the options for one request and decides its tenant: `undefined` for the source's own. */
  resolve(request: NormalizedRequest): ResolvedOptions & { readonly tenantId: string | undefined };
  /** Whether a tenant is the source's own, as its options were when last read. */
  isHome(tenantId: string): boolean;
}

export interface OptionsReaderSettings {
  readonly source: AnySource;
  readonly context: SourceContext;
  /** Looks up references and validates. */
  readonly readOptions: () => unknown;
  /** Called when options that were just read speak for another principal than those before. */
  readonly onPrincipalChange: () => void;
}

/** Equal for options that speak for the same principal; without a subject that is told by the options alone. */
const principalKey = ({ options, subject, homeTenant }: ResolvedOptions) =>
  JSON.stringify([subject === undefined ? { options: textOf(options) } : subject, homeTenant ?? null]);

export function createOptionsReader(settings: OptionsReaderSettings): OptionsReader {
  const { source, context } = settings;
  const platformDecides = hasOneTenant(source, context);
  let last: ResolvedOptions | undefined;

  /** What follows from options that were just read. */
  const note = (options: unknown): ResolvedOptions => {
    const now = {
      options,
      subject: source.subject(options, context),
      homeTenant: source.tenants === "ignored" ? undefined : homeTenant(source, options, context),
    };
    const changed = last !== undefined && principalKey(last) !== principalKey(now);
    last = now;
    if (changed) settings.onPrincipalChange();
    return now;
  };
  const read = (): ResolvedOptions => note(settings.readOptions());

  return {
    read,
    get last() {
      return last ?? read();
    },
    resolve(request) {
      let options: unknown;
      try {
        options = settings.readOptions();
        const resolved = note(options);
        checkCapabilities(source, options, request);
        return { ...resolved, tenantId: tenantFor(source, resolved.homeTenant, context, request.tenantId) };
      } catch (error) {
        throw wrapError(source.name, error, secretsOf(source, options, request));
      }
    },
    isHome: (tenantId) => platformDecides || (last !== undefined && last.homeTenant === tenantId),
  };
}
