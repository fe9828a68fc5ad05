/**
 * Requests that are nearly right: whatever comes of them, only an allowed scope is ever asked for,
 * and only with the key.
 */
import { damageText } from "@azidentity/core/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { key, type OpenedRelay, openRelay, storage } from "../../test/serve/open-relay.ts";
import { sendRaw } from "../../test/serve/relay-client.ts";

let relay: OpenedRelay;
beforeAll(async () => {
  // what never ends is closed soon
  const limits = { headersTimeoutMs: 50, requestTimeoutMs: 100, keepAliveTimeoutMs: 50, checkIntervalMs: 10 };
  relay = await openRelay({ limits, getToken: async () => "the-token" });
});
afterAll(() => relay[Symbol.asyncDispose]());

const document = JSON.stringify({ version: 1, scopes: [storage], tenantId: "contoso.example" });
const wrongKey = key.replace("app", "add");

const requestsWith = (shown: string): readonly (readonly [string, string])[] => [
  [
    "the managed identity",
    `GET /msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fstorage.azure.com HTTP/1.1\r\nHost: localhost\r\nX-IDENTITY-HEADER: ${shown}\r\nConnection: close\r\n\r\n`,
  ],
  ...["/token", "/azd/token"].map((path) => {
    const head = `Host: localhost\r\nAuthorization: Bearer ${shown}\r\nContent-Type: application/json\r\nConnection: close`;
    return [path, `POST ${path} HTTP/1.1\r\n${head}\r\nContent-Length: ${document.length}\r\n\r\n${document}`] as const;
  }),
];

const seeds = Array.from({ length: 150 }, (_, seed) => seed);

it.each(requestsWith(key))(
  "a damaged request of %s with the key gets tokens of allowed scopes alone",
  async (_, text) => {
    const answers = await Promise.all(seeds.map((seed) => sendRaw(relay.port, damageText(text, seed))));
    for (const answer of answers)
      expect(answer).toMatch(/^(?:HTTP\/1\.1 (?:200|400|401|403|404|405|408|413|415|424|431) |$)/);
    const asked = new Set(relay.requests.flatMap(({ scopes }) => scopes));
    expect([...asked].filter((scope) => !/^https:\/\/storage\.azure\.com\/{1,2}\.default$/.test(scope))).toEqual([]);
    expect(relay.defects).toEqual([]);
  },
);

it.each(requestsWith(wrongKey))("a damaged request of %s without the key gets no token", async (_, text) => {
  const before = relay.requests.length;
  const answers = await Promise.all(seeds.map((seed) => sendRaw(relay.port, damageText(text, seed))));
  expect(answers.filter((answer) => answer.includes("the-token"))).toEqual([]);
  expect([relay.requests.length, relay.defects]).toEqual([before, []]);
});
