import { outcomeError } from "@azidentity/core/plugin";
import { expect, it } from "vitest";
import { createDoctorContext } from "../../../test/doctor-context.ts";
import { clock } from "./clock.ts";
import { network } from "./network.ts";

it("an authority that answers is fine, with what the way to it goes through, and without values", async () => {
  const env = { https_proxy: "http://me:s3cret@proxy:8080", HTTPS_PROXY: "http://other", NO_PROXY: "localhost" };
  const found = await network(createDoctorContext({ context: { env } }));
  expect(found).toEqual([{ state: "ok", sentence: "login.test answers (proxy: HTTPS_PROXY, NO_PROXY).", ms: 12 }]);
});

it.each([
  [{ http: { proxy: "http://me:s3cret@proxy:8080" } }, "login.test answers (proxy: http.proxy)."],
  [{ http: { proxy: false } }, "login.test answers."],
  [{ http: { caFile: "ca.pem" } }, "login.test answers (proxy: HTTPS_PROXY; authorities: http.caFile)."],
] as const)("the settings %j are named", async (settings, sentence) => {
  const env = { HTTPS_PROXY: "http://proxy" };
  const found = await network(createDoctorContext({ context: { env }, inspection: { settings } }));
  expect(found[0]?.sentence).toBe(sentence);
});

it("a proxy that does not answer is a problem, in the words of core", async () => {
  const error = outcomeError("unreachable", "The proxy 127.0.0.1:9, which HTTPS_PROXY names, does not answer.", {
    code: "proxy-unreachable",
    remedy: "Check HTTPS_PROXY, and whether the proxy runs.",
  });
  const found = await network(createDoctorContext({ server: async () => ({ host: "login.test", ms: 3, error }) }));
  expect(found).toEqual([
    {
      state: "problem",
      sentence: "The proxy 127.0.0.1:9, which HTTPS_PROXY names, does not answer.",
      remedy: "Check HTTPS_PROXY, and whether the proxy runs.",
      code: "proxy-unreachable",
      ms: 3,
    },
  ]);
});

it("a tenant that the authority does not know is a problem, a server that is out of order a warning", async () => {
  const found = (status: number, refusal?: string) =>
    network(
      createDoctorContext({
        context: { tenantId: "contoso.con" },
        server: async () => ({ host: "login.test", ms: 1, status, refusal }),
      }),
    );
  expect(await found(400, "invalid_tenant")).toMatchObject([
    { state: "problem", sentence: "login.test does not know the tenant contoso.con.", code: "unknown-tenant" },
  ]);
  expect(await found(503)).toMatchObject([{ state: "warning", sentence: "login.test answers with HTTP 503." }]);
  expect(await found(404)).toMatchObject([{ state: "ok" }]);
});

it("a file of authorities that does not exist is a warning, because Node.js goes on without it", async () => {
  const env = { NODE_EXTRA_CA_CERTS: "/no/such/ca.pem" };
  const found = await network(createDoctorContext({ context: { env } }));
  expect(found[1]).toMatchObject({ state: "warning", subject: "NODE_EXTRA_CA_CERTS" });
});

it("a chain of sources that get tokens of a program or a host needs no authority, so that none is asked", async () => {
  let asked = 0;
  const server = async () => ({ host: "login.test", ms: 1, status: 200, aheadMs: 600_000 + asked++ });
  const chain = (...names: readonly string[]) => names.map((name) => ({ name, kind: "deployed" as const }));
  const skipped = [{ state: "skipped", sentence: "No source of the chain asks Entra itself." }];
  const only = (names: readonly string[]) => createDoctorContext({ server, inspection: { chain: chain(...names) } });
  expect(await network(only(["exec"]))).toEqual(skipped);
  expect(await clock(only(["exec"]))).toMatchObject([{ state: "skipped" }]);
  const settings = { chains: { outside: ["relay", { source: "exec", options: { program: "p" } }] } } as const;
  const named = createDoctorContext({ server, inspection: { settings }, chain: "outside" });
  expect(await network(named)).toEqual(skipped);
  expect(asked).toBe(0);
  expect(await network(only(["exec", "environment"]))).toMatchObject([{ state: "ok" }]);
  expect(await network(createDoctorContext({ server, chain: ["azure-cli"] }))).toMatchObject([{ state: "ok" }]);
});
