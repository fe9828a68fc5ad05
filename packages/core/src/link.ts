import { createFlights } from "./cache/flights.ts";
import type { Budget } from "./cache/memory.ts";
import { createTokenCache } from "./cache/token-cache.ts";
import type { Link } from "./chain/link.ts";
import { accessToken } from "./contract/access-token.ts";
import type { SourceContext } from "./contract/context.ts";
import { AuthenticationError, ConfigurationError, isIdentityError, outcomeError } from "./contract/errors.ts";
import type { ValidationResult } from "./contract/options.ts";
import type { AnySource } from "./contract/plugin.ts";
import { redact } from "./contract/redact.ts";
import type { Credential, Detection } from "./contract/source.ts";
import type { AccessToken, IssuedToken, NormalizedRequest, TokenRequest } from "./contract/token.ts";
import { principalOf } from "./principal.ts";

const defaultDeadlineMs = 30_000;

export interface LinkSettings {
  readonly source: AnySource;
  /** Named outright in a config or by a caller. */
  readonly explicit: boolean;
  /** The options with their references looked up; called for every acquisition, so that secrets rotate. */
  readonly resolveOptions: () => unknown;
  /** For error messages: where the options stand. */
  readonly path: string;
  readonly deadlineMs: number | undefined;
  readonly context: SourceContext;
  readonly budget: Budget;
  readonly random: () => number;
  /** Tells the retry loop when an acquisition has to be over (monotonic milliseconds). */
  readonly setDeadline: (signal: AbortSignal, mono: number) => void;
}

export interface ClosableLink extends Link {
  close(reason: Error): Promise<void>;
}

/** The options as the source's schema wants them; an error that names file and path otherwise. */
function checkOptions(source: AnySource, value: unknown, path: string): unknown {
  if (source.options === undefined) return value ?? {};
  const result = source.options["~standard"].validate(value) as ValidationResult<unknown>;
  if (!("issues" in result) || result.issues === undefined) return (result as { value: unknown }).value;
  const lines = result.issues.map((issue) => `  ${[path, ...(issue.path ?? [])].join(".")}: ${issue.message}`);
  const first = result.issues[0];
  throw new ConfigurationError(
    first?.code === "unknown-key" ? "unknown-option" : "invalid-option",
    `The options of ${source.name} are not valid:\n${lines.join("\n")}`,
    { path: [path, ...(first?.path ?? [])].join(".") },
  );
}

/** The tenant that a source is asked for: its own unless another one was asked for and is allowed. */
function tenantFor(
  source: AnySource,
  options: unknown,
  context: SourceContext,
  asked: string | undefined,
): string | undefined {
  if (asked === undefined || source.tenants === "ignored") return undefined;
  if (source.tenants === "any") return asked;
  const own = (source.homeTenant?.(options, context) ?? context.defaults.tenantId)?.toLowerCase();
  const allowed = context.defaults.additionallyAllowedTenants;
  if (asked === own || allowed.some((tenant) => tenant === "*" || tenant.toLowerCase() === asked)) return asked;
  const known = [own, ...allowed].filter((tenant) => tenant !== undefined).join(", ") || "none";
  throw new AuthenticationError(`${source.name} may not ask the tenant ${asked}; allowed: ${known}.`, "misconfigured", {
    code: "tenant-not-allowed",
    remedy: `Add "${asked}" to \`additionallyAllowedTenants\`.`,
  });
}

/** Refuses what is no usable token, whatever the source says. */
function checkToken(source: AnySource, issued: IssuedToken, now: number): IssuedToken {
  const problem =
    typeof issued?.token !== "string" || issued.token === ""
      ? "brought no token"
      : !Number.isFinite(issued.expiresOnTimestamp)
        ? "brought a token without a time of expiry"
        : issued.expiresOnTimestamp <= now
          ? "brought a token that has expired already"
          : undefined;
  if (problem === undefined) return issued;
  throw outcomeError("failed", `${source.name} ${problem}.`, { code: "invalid-token" });
}

/** Makes an error of ours of whatever a source threw. Foreign text is redacted and cut. */
function wrap(source: AnySource, error: unknown): unknown {
  if (isIdentityError(error)) return error;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : "something that is not an error";
  return outcomeError("failed", `${source.name} failed: ${redact(text, 512)}`, { cause: error });
}

/** The credential of a source, made on first use and made anew when its options have changed. */
function createKeeper(settings: LinkSettings) {
  const { source, context, path } = settings;
  let checked: unknown;
  let current: { readonly text: string; readonly credential: Promise<Credential> } | undefined;
  const textOf = (options: unknown) =>
    JSON.stringify(options, (_, value) => (typeof value === "function" ? String(value) : value)) ?? "";
  const dispose = async (credential: Promise<Credential>) => {
    await (await credential.catch(() => undefined))?.[Symbol.asyncDispose]?.();
  };
  return {
    /** The options as they are now. */
    options(): unknown {
      checked = checkOptions(source, settings.resolveOptions(), path);
      return checked;
    },
    /** The options as they were when last looked up; for the hot path. */
    lastOptions(): unknown {
      return checked ?? this.options();
    },
    credential(options: unknown): Promise<Credential> {
      const text = textOf(options);
      if (current?.text === text) return current.credential;
      const replaced = current;
      const credential = (async () => source.create(options, context))();
      const mine = { text, credential };
      current = mine;
      credential.catch(() => {
        if (current === mine) current = undefined; // a source that failed to start is started again next time
      });
      if (replaced !== undefined) void dispose(replaced.credential).catch(() => undefined);
      return credential;
    },
    close: async () => {
      if (current !== undefined) await dispose(current.credential);
    },
  };
}

/** Runs `work` under a deadline: it ends in time even when the source ignores its signal. */
async function underDeadline<T>(
  settings: LinkSettings,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { clock } = settings.context;
  const ms = settings.deadlineMs ?? settings.source.deadlineMs ?? defaultDeadlineMs;
  const controller = new AbortController();
  const { signal } = controller;
  settings.setDeadline(signal, clock.monotonic() + ms);
  const onAbort = () => controller.abort(outer.reason);
  if (outer.aborted) onAbort();
  outer.addEventListener("abort", onAbort, { once: true });
  const late = outcomeError("timeout", `${settings.source.name} had no answer within ${ms / 1000} s.`, {
    remedy: "Raise its `deadlineMs` if it is just slow.",
  });
  const finished = new AbortController();
  const timer = clock.sleep(ms, finished.signal).then(
    () => controller.abort(late),
    () => {},
  );
  const ended = new Promise<never>((_, reject) => {
    const fail = () => reject(signal.reason);
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });
  try {
    return await Promise.race([ended, work(signal)]);
  } finally {
    outer.removeEventListener("abort", onAbort);
    finished.abort();
    void timer;
  }
}

/** Places a source: its options checked, its errors wrapped, its calls shared, cached and bounded in time. */
export function createLink(settings: LinkSettings): ClosableLink {
  const { source, context, explicit } = settings;
  const keeper = createKeeper(settings);
  const probes = createFlights<Detection | undefined>();

  const acquire = (request: TokenRequest): Promise<IssuedToken> =>
    underDeadline(settings, request.signal, async (signal) => {
      try {
        const options = keeper.options();
        const tenantId = tenantFor(source, options, context, request.tenantId);
        const credential = await keeper.credential(options);
        const issued = await credential.getToken(Object.freeze({ ...request, tenantId, signal }));
        return checkToken(source, issued, context.clock.now());
      } catch (error) {
        throw signal.aborted ? signal.reason : wrap(source, error);
      }
    });

  const { accountState } = source;
  const cache = createTokenCache({
    clock: context.clock,
    budget: settings.budget,
    random: settings.random,
    ignoreTenant: source.tenants === "ignored",
    accountState:
      accountState === undefined ? undefined : () => accountState.call(source, keeper.lastOptions(), context),
    acquire,
    onRefreshFailed: (error) =>
      context.log.warn(`${source.name}: a refresh failed; the old token is still valid.`, { error }),
  });

  return {
    name: source.name,
    kind: source.kind,
    explicit,
    detect: () => source.detect?.(keeper.options(), context) ?? { state: "ready", reason: "It is always possible." },
    probe: (outer) =>
      probes.join("probe", outer, (own) =>
        underDeadline(settings, own, async (signal) => (await keeper.credential(keeper.options())).probe?.(signal)),
      ),
    peek: cache.peek,
    getToken: cache.getToken,
    async getFreshToken(request: NormalizedRequest, signal: AbortSignal): Promise<AccessToken> {
      return accessToken(
        await acquire(Object.freeze({ ...request, refusedToken: undefined, background: false, signal })),
      );
    },
    principal: principalOf,
    forget: cache.forget,
    async close(reason) {
      cache.close(reason);
      probes.abort(reason);
      await keeper.close();
    },
  };
}
