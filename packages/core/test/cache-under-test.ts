import { createBudget } from "../src/cache/budget.ts";
import { createTokenCache } from "../src/cache/token-cache.ts";
import type { IssuedToken, NormalizedRequest, TokenRequest } from "../src/contract/token.ts";
import { createFakeClock } from "../src/test-kit/fake-clock.ts";

export const hour = 3_600_000;
export const scope = "https://vault.azure.net/.default";

/** A request for that scope. */
export function ask(more: Partial<NormalizedRequest> = {}): NormalizedRequest {
  const nothing = { tenantId: undefined, claims: undefined, proofOfPossession: undefined, userAssertion: undefined };
  return { scopes: [scope], enableCae: false, correlationId: "c", ...nothing, ...more };
}

/** A cache over a source that numbers its tokens, on a clock that stands still. */
export function setUp(more: Partial<Parameters<typeof createTokenCache>[0]> = {}) {
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
  const cache = createTokenCache({
    clock,
    budget: createBudget({ maxEntries: 1_000, maxBytes: 10_000_000 }, () => clock.now()),
    random: () => 0,
    isHome: () => false,
    resolve: ({ tenantId }) => ({ tenantId }),
    remembers: true,
    accountState: undefined,
    acquire: (request) => {
      requests.push(request);
      return answer(requests.length);
    },
    onRefreshFailed: (error) => failures.push(error),
    ...more,
  });
  return {
    cache,
    clock,
    requests,
    failures,
    token,
    answerWith: (next: (n: number) => Promise<IssuedToken>) => {
      answer = next;
    },
    text: async (request = ask(), signal?: AbortSignal) => (await cache.getToken(request, signal)).token,
  };
}

/** A promise to be kept later. */
export const later = () => Promise.withResolvers<IssuedToken>();
