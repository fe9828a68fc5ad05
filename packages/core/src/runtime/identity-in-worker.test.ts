import { expect, it } from "vitest";
import { listenPlain } from "../../test/local-server.ts";
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

it.each([
  ["without nodejs_compat", { FinalizationRegistry }],
  ["with an old date", { process: {}, FinalizationRegistry }],
  ["with an old date, whose process is that of wrangler", { process }],
])("a Worker %s is refused, with the settings that it needs", (_, globals) => {
  const refuse = () => refuseOldWorker(globals);
  expect(refuse).toThrow(expect.objectContaining({ code: "node-too-old" }));
  expect(refuse).toThrow(/"nodejs_compat".*2025-09-15/);
});
