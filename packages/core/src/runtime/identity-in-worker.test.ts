import { expect, it } from "vitest";
import { listenPlain } from "../../test/local-server.ts";
import { flightSharing } from "../async/flights.ts";
import { shareInWorker } from "../async/share-in-worker.ts";
import { defineOptions, definePlugin, defineSource } from "../options/define-options.ts";
import { createIdentity, refuseOldWorker } from "./identity-in-worker.ts";

const asks = definePlugin({
  name: "asks",
  sources: [
    defineSource({
      name: "asks",
      kind: "deployed",
      priority: 1,
      tenantPolicy: "any",
      subject: () => "asks",
      options: defineOptions({ url: { type: "string" } }),
      create: ({ url = "" }, { http, clock }) => ({
        async getToken({ signal }) {
          const { body: token } = await http.send({ method: "GET", url }, signal);
          return { token, expiresOnTimestamp: clock.now() + 3_600_000, tokenType: "Bearer" as const };
        },
      }),
    }),
  ],
});

it("an identity of a Worker sends by fetch, and so do those that come from it", async () => {
  await using server = await listenPlain(({ headers }, response) => void response.end(headers["sec-fetch-mode"]));
  const options = { url: server.url };
  await using identity = createIdentity({ plugins: [asks], chain: [{ source: "asks", options }] }, { env: {} });
  expect((await identity.getToken("https://vault.azure.net")).token).toBe("cors"); // a header of Node's own fetch
  const other = identity.with({ http: { userAgent: "orders/1.2" } });
  expect((await other.getToken("https://vault.azure.net")).token).toBe("cors");
});

it("sources of a Worker share their flights as core does, also where another identity comes from it", async () => {
  const seen: unknown[] = [];
  const sees = defineSource({
    name: "sees",
    kind: "deployed",
    tenantPolicy: "any",
    subject: () => "sees",
    create: (_, context) => ({
      async getToken() {
        seen.push(await context.service(flightSharing));
        return { token: "opaque", expiresOnTimestamp: context.clock.now() + 3_600_000, tokenType: "Bearer" as const };
      },
    }),
  });
  await using identity = createIdentity({ plugins: [definePlugin({ name: "sees", sources: [sees] })] }, { env: {} });
  for (const one of [identity, identity.with({})]) await one.credential("sees").getToken("https://vault.azure.net");
  expect(seen).toEqual([shareInWorker, shareInWorker]);
});

it.each([
  ["without nodejs_compat", { FinalizationRegistry }],
  ["with an old date", { process: {}, FinalizationRegistry }],
  ["with an old date, whose process is that of wrangler", { process }],
])("a Worker %s is refused, with the settings that it needs", (_, globals) => {
  const refuse = () => refuseOldWorker(globals);
  expect(refuse).toThrow(expect.objectContaining({ code: "node-too-old" }));
  expect(refuse).toThrow(/"nodejs_compat".*2025-09-15/);
});
