import { expect, it } from "vitest";
import { countingSource, failure, scope, setUp } from "./set-up.ts";

it("mode production does not load developer and interactive sources", async () => {
  const { plugin } = countingSource();
  const { identity } = setUp({ plugins: [plugin], mode: "production", chain: ["counting"] });
  await expect(identity.getToken(scope)).rejects.toMatchObject({ code: "unknown-source" });
});

it("in mode production an interactive source that never prompts is available by name, but in no chain", async () => {
  const { plugin } = countingSource("web-user", { kind: "interactive", neverPrompts: true });
  const sources = { "web-user": { enabled: true } };
  const { identity } = setUp({ plugins: [plugin], mode: "production", sources, chains: { web: ["web-user"] } });
  await identity.credential("web-user").getToken(scope);
  expect((await failure(identity.getToken(scope))).message).not.toContain("web-user");
  for (const chain of ["web", ["web-user"]])
    expect(await failure(identity.chain(chain).getToken(scope))).toMatchObject({ code: "unknown-source" });
});

it("in mode production interactive sources that prompt and developer sources are refused by name", async () => {
  for (const more of [{ kind: "interactive" }, { kind: "developer", neverPrompts: true }] as const) {
    const { plugin, requests } = countingSource("my-cli", more);
    const { identity } = setUp({ plugins: [plugin], mode: "production" });
    expect(await failure(identity.credential("my-cli").getToken(scope))).toMatchObject({ code: "unknown-source" });
    expect(requests).toHaveLength(0);
  }
});

it("in mode production settings and profiles may name sources that are not loaded", async () => {
  const { plugin } = countingSource("my-cli");
  const profiles = {
    dev: { chain: [{ source: "my-cli", options: {} }] },
    other: { plugins: ["./none.mjs"], chain: ["of-another-plugin"] },
  };
  const sources = { "my-cli": { enabled: false } };
  await setUp({ plugins: [plugin], mode: "production", sources, profiles }).identity.ready();
  const error = await failure(setUp({ plugins: [plugin], mode: "production", chain: ["my-cli"] }).identity.ready());
  expect(error.message).toContain('Mode "production" does not load');
});

it("mode production refuses an authority on this machine and logging of secrets", async () => {
  const local = setUp({ plugins: [], mode: "production", authorityHost: "https://localhost:1" });
  await expect(local.identity.ready()).rejects.toMatchObject({ code: "loopback-authority" });
  const loud = setUp({ plugins: [], mode: "production", log: { enableUnsafeSupportLogging: true } });
  await expect(loud.identity.ready()).rejects.toMatchObject({ code: "unsafe-logging" });
});
