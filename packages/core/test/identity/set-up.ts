import { expect } from "vitest";
import type { AnySource } from "../../src/contract/services.ts";
import type { IssuedToken, TokenRequest } from "../../src/contract/token.ts";
import { createIdentity } from "../../src/identity.ts";
import { definePlugin, defineSource } from "../../src/options/define-options.ts";
import type { ServiceOverrides } from "../../src/runtime/services.ts";
import type { IdentityOptions } from "../../src/runtime/start-place.ts";
import { createFakeClock, type FakeClock } from "../../src/test-kit/fake-clock.ts";

export const scope = "https://vault.azure.net/.default";

export const hour = 3_600_000;

/** An unsigned JWT. */
export const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.`;

/** A source that numbers its tokens and writes down what it was asked. */
export function countingSource(name = "counting", more: Partial<AnySource> = {}) {
  const requests: TokenRequest[] = [];
  const created: unknown[] = [];
  const source = defineSource({
    name,
    kind: "developer",
    priority: 100,
    tenantPolicy: "any",
    subject: () => "app",
    create(options, { clock }) {
      created.push(options);
      return {
        async getToken(request): Promise<IssuedToken> {
          requests.push(request);
          return { token: `${name}-${requests.length}`, expiresOnTimestamp: clock.now() + hour, tokenType: "Bearer" };
        },
      };
    },
    ...more,
  } as AnySource);
  return { source, requests, created, plugin: definePlugin({ name: `plugin-${name}`, sources: [source] }) };
}

export function setUp(options: IdentityOptions, overrides: ServiceOverrides & { clock?: FakeClock } = {}) {
  const clock = overrides.clock ?? createFakeClock();
  return {
    clock,
    identity: createIdentity({ config: false, ...options }, { env: {}, random: () => 0, ...overrides, clock }),
  };
}

export const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail("it should have failed"),
    (error) => error,
  );
