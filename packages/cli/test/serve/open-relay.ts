/** A relay on loopback over a source that a test controls. */
import { createIdentity } from "@azidentity/core";
import { definePlugin, defineSource, type TokenRequest } from "@azidentity/core/plugin";
import { createAddressKinds } from "../../src/serve/addresses.ts";
import { createKeyCheck } from "../../src/serve/client-keys.ts";
import { type ConnectionLimits, connectionLimits, listen } from "../../src/serve/listen.ts";
import type { RelayPolicy } from "../../src/serve/policy.ts";
import { createRelay } from "../../src/serve/relay.ts";
import type { RelayEvent } from "../../src/serve/relay-event.ts";
import { createScopeList } from "../../src/serve/scope-list.ts";
import { createTenantRule } from "../../src/serve/tenant-rule.ts";

export const key = "key-of-the-app-0123456789abcdef0123456789ab";
export const otherKey = "key-of-the-web-0123456789abcdef0123456789ab";
export const storage = "https://storage.azure.com/.default";
export const hourMs = 3_600_000;

export interface OpenedRelay extends AsyncDisposable {
  readonly port: number;
  readonly events: readonly RelayEvent[];
  readonly defects: readonly unknown[];
  /** The requests that reached the source. */
  readonly requests: readonly TokenRequest[];
}

export interface RelayOfTest {
  readonly scopes?: readonly string[];
  readonly policy?: Partial<RelayPolicy>;
  readonly limits?: Partial<ConnectionLimits>;
  /** The source's answer. Default: a token that counts. */
  readonly getToken?: (request: TokenRequest) => Promise<string>;
}

export async function openRelay({
  scopes = [storage],
  policy,
  limits,
  getToken,
}: RelayOfTest = {}): Promise<OpenedRelay> {
  const requests: TokenRequest[] = [];
  const events: RelayEvent[] = [];
  const defects: unknown[] = [];
  const source = defineSource({
    name: "counting",
    kind: "developer",
    priority: 1,
    tenantPolicy: "any",
    subject: () => "the one user",
    create: () => ({
      async getToken(request) {
        requests.push(request);
        const token = (await getToken?.(request)) ?? `token-${requests.length}`;
        return { token, expiresOnTimestamp: Math.floor(Date.now() / 1000) * 1000 + hourMs, tokenType: "Bearer" };
      },
    }),
  });
  const identity = createIdentity({ config: false, plugins: [definePlugin({ name: "test", sources: [source] })] });
  const kindOf = createAddressKinds();
  const relay = createRelay({
    credential: identity,
    policy: {
      isAllowedAddress: (address) => kindOf(address) !== "public",
      isOwnConnection: () => false, // clients of a test are of this process
      isOwnRequest: () => false,
      hosts: new Set(["127.0.0.1", "[::1]", "localhost", "host.docker.internal"]),
      clientOf: createKeyCheck([
        { name: "app", key },
        { name: "web", key: otherKey },
      ]),
      scopes: createScopeList(scopes),
      isAllowedTenant: createTenantRule(identity, ["contoso.example"]),
      ...policy,
    },
    now: Date.now,
    onAnswer: (event) => events.push(event),
    onDefect: (error) => defects.push(error),
  });
  const listener = await listen({ port: 0 }, relay, { ...connectionLimits, ...limits });
  const close = async () => {
    await listener.close();
    await identity.close();
  };
  return { port: listener.port, events, defects, requests, [Symbol.asyncDispose]: close };
}
