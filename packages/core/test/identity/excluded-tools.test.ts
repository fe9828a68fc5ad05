import { expect, it } from "vitest";
import type { AnySource } from "../../src/contract/services.ts";
import { outcomeError } from "../../src/errors/outcome-error.ts";
import { definePlugin } from "../../src/options/define-options.ts";
import type { IdentityOptions } from "../../src/runtime/start-place.ts";
import { countingSource, failure, scope, setUp } from "./set-up.ts";

/** A deployed source that fails, on a machine that shows `state` of evidence for it. */
function failing(name: string, state: "absent" | "possible" | "ready"): AnySource {
  const detect = () => ({ state, reason: "It was looked for." });
  const remedy = state === "absent" ? undefined : "Sign in with another source.";
  const getToken = async () => {
    throw outcomeError("unreachable", "It does not answer.", { remedy });
  };
  return countingSource(name, { kind: "deployed", detect, create: () => ({ getToken }) }).source;
}

/** The error on a laptop with `az` and these deployed sources. */
async function remedyFor(deployed: readonly AnySource[], options: IdentityOptions, env: Record<string, string> = {}) {
  const sources = [...deployed, countingSource("azure-cli").source];
  const plugin = definePlugin({ name: "official", sources });
  const { identity } = setUp({ plugins: [plugin], ...options }, { env });
  const { message, remedy } = await failure(identity.getToken(scope));
  expect(message.split("\n")[0]).toContain(remedy);
  return remedy as string;
}

const laptop = [failing("environment", "absent"), failing("managed-identity", "possible")];
const bare = [failing("environment", "absent"), failing("workload-identity", "absent")];
const prod = { AZURE_TOKEN_CREDENTIALS: "prod" };
const production = { mode: "production" } as const;

it.each([
  ["AZURE_TOKEN_CREDENTIALS", laptop, {}, prod, "AZURE_TOKEN_CREDENTIALS=prod"],
  ["the mode", laptop, production, {}, 'mode "production"'],
  [
    "the mode, with AZURE_TOKEN_CREDENTIALS",
    laptop,
    production,
    prod,
    'AZURE_TOKEN_CREDENTIALS=prod and mode "production"',
  ],
  ["the mode, where nothing answers", bare, production, {}, 'mode "production"'],
  ["the mode, with one source", bare.slice(0, 1), production, {}, 'mode "production"'],
] as const)("The remedy names what excludes developer tools: %s", async (_, deployed, options, env, excludedBy) => {
  const remedy = await remedyFor(deployed, options, env);
  expect(remedy).toContain(`To use developer tools here, remove ${excludedBy}.`);
  expect(remedy).not.toContain("az login");
});

it.each([
  ["the project names its chain", laptop, { ...production, chain: ["environment", "managed-identity"] }],
  ["a deployed source is set up", [failing("environment", "ready"), ...laptop.slice(1)], production],
])("The remedy is silent about developer tools where %s", async (_, deployed, options) => {
  expect(await remedyFor(deployed, options)).not.toContain("developer tools");
});
