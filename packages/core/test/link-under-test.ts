import { createEviction } from "../src/cache/eviction.ts";
import { createFreshness } from "../src/cache/freshness.ts";
import type { SourceContext } from "../src/contract/context.ts";
import type { AnySource } from "../src/contract/services.ts";
import type { IssuedToken, NormalizedRequest, TokenRequest } from "../src/contract/token.ts";
import { createAcquisitionSteps } from "../src/link/acquisition-steps.ts";
import { createLink } from "../src/link/create-link.ts";
import { createTextOf } from "../src/options/plain.ts";
import { createEvents } from "../src/runtime/events.ts";
import { createFakeClock } from "../src/test-kit/fake-clock.ts";
import { createFakeHttp } from "../src/test-kit/fake-http.ts";

export const hour = 3_600_000;
export const scope = "https://vault.azure.net/.default";

/** A request for that scope. */
export function ask(more: Partial<NormalizedRequest> = {}): NormalizedRequest {
  const nothing = { tenantId: undefined, claims: undefined, proofOfPossession: undefined, userAssertion: undefined };
  return { scopes: [scope], enableCae: false, correlationId: "c", ...nothing, ...more };
}

interface Given extends Partial<AnySource> {
  /** `false`: tokens are not kept for later callers. */
  readonly remembers?: boolean;
  /** 0 to 1, for jitter. */
  readonly random?: () => number;
}

/** A link to a source that numbers its tokens, on a clock that stands still. */
export function setUp({ remembers = true, random = () => 0, ...source }: Given = {}) {
  const clock = createFakeClock();
  const requests: TokenRequest[] = [];
  let answer = async (n: number): Promise<IssuedToken> => token(`token-${n}`, 24 * hour, 12 * hour);
  const token = (text: string, lifetime: number, refreshIn?: number): IssuedToken => ({
    token: text,
    expiresOnTimestamp: clock.now() + lifetime,
    refreshAfterTimestamp: refreshIn === undefined ? undefined : clock.now() + refreshIn,
    tokenType: "Bearer",
  });
  const failures: unknown[] = [];
  const numbering: AnySource = {
    name: "numbering",
    kind: "deployed",
    tenantPolicy: "any",
    deadlineMs: 48 * hour,
    subject: () => "numbering",
    create: () => ({
      getToken(request) {
        requests.push(request);
        return answer(requests.length);
      },
    }),
    ...source,
  };
  const info = (_: string, fields?: object) => void failures.push((fields as { error: unknown }).error);
  const context = { clock, env: {}, log: { info }, defaults: { additionallyAllowedTenants: [] } };
  const services = {
    transport: createFakeHttp(),
    random,
    freshness: createFreshness(clock, random),
    textOf: createTextOf(),
    requireSource: () => undefined,
    setDeadline: () => {},
    store: undefined,
    events: createEvents(),
  };
  const settings = {
    source: numbering,
    context: context as unknown as SourceContext,
    eviction: createEviction({ maxEntries: 1_000, maxBytes: 10_000_000 }, () => clock.now()),
    services,
    resolveOptions: () => ({}),
    path: "numbering",
    deadlineMs: undefined,
    cached: remembers,
    limiter: undefined,
    expected: {},
  };
  const link = createLink(settings, createAcquisitionSteps(services));
  return {
    link,
    clock,
    requests,
    failures,
    token,
    answerWith: (next: (n: number) => Promise<IssuedToken>) => {
      answer = next;
    },
    text: async (request = ask(), signal?: AbortSignal) => (await link.getToken(request, signal)).token,
  };
}

/** A promise to be kept later. */
export const later = () => Promise.withResolvers<IssuedToken>();
