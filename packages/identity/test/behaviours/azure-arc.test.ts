import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { compare, type Row } from "./compare.ts";
import { scope } from "./directory.ts";
import { failure } from "./failure.ts";
import { type CannedAnswer, recordHttp } from "./recorded-http.ts";
import type { World } from "./world.ts";

/** The one folder of key files that Microsoft's clients accept; root's. */
const folder = "/var/opt/azcmagent/tokens";
const canWriteKeys = process.platform === "linux" && process.getuid?.() === 0;
const unavailable = "CredentialUnavailableError";
const variables = {
  IDENTITY_ENDPOINT: "http://127.0.0.1:40342/metadata/identity/oauth2/token",
  IDENTITY_HEADER: undefined,
  IMDS_ENDPOINT: "http://127.0.0.1:40342",
};
const issued: CannedAnswer = {
  headers: { "content-type": "application/json" },
  body: {
    access_token: "a-token",
    expires_on: String(Math.floor(Date.now() / 1000) + 86_000),
    resource: "https://vault.azure.net",
    token_type: "Bearer",
  },
};

/** The agent's challenge; it issues a token for any key. */
async function answerTo(world: World, challenge: string | undefined) {
  world.env(variables);
  const headers: Record<string, string> = challenge === undefined ? {} : { "www-authenticate": challenge };
  const http = recordHttp(({ headers: sent }) =>
    sent.has("authorization") ? issued : { status: 401, headers, body: {} },
  );
  const options = { httpClient: http.client, retryOptions: { maxRetries: 0 } };
  const credential = world.create("ManagedIdentityCredential", options);
  const result = await world.failure(() => credential.getToken(scope));
  return { result, keys: http.requests.flatMap(({ headers: sent }) => sent.get("authorization") ?? []) };
}

const refuses = (what: string, challenge: string | undefined, ...words: string[]): Row => ({
  behaviour: `ManagedIdentityCredential on Azure Arc sends nothing after ${what}`,
  run: (world) => answerTo(world, challenge),
  expected: { result: failure(unavailable, "ManagedIdentityCredential", ...words), keys: [] },
  fresh: true,
});

/** A key file in the agent's folder, for one row. */
const withKey = (behaviour: string, content: string, expected: unknown): Row => ({
  behaviour: `ManagedIdentityCredential on Azure Arc ${behaviour}`,
  async run(world) {
    mkdirSync(folder, { recursive: true });
    const file = `${folder}/behaviours-${process.pid}.key`;
    writeFileSync(file, content);
    try {
      return await answerTo(world, `Basic realm=${file}`);
    } finally {
      rmSync(file);
    }
  },
  expected,
  fresh: true,
});

const keys: readonly Row[] = [
  withKey("sends the key of the file that the agent names", "a-key", {
    result: "no failure",
    keys: ["Basic a-key"],
  }),
  withKey("sends no key that is longer than 4096 bytes", "k".repeat(4097), {
    result: failure(unavailable, "ManagedIdentityCredential"),
    keys: [],
  }),
];

if (process.platform === "linux")
  compare("Azure Arc", [
    refuses("an answer without a challenge", undefined),
    refuses("a challenge of another scheme", "Bearer realm=elsewhere"),
    refuses("a file that is missing", `Basic realm=${folder}/behaviours-missing.key`),
    refuses("a file outside the agent's folder", "Basic realm=/etc/behaviours.key"),
    refuses("a path that leaves the agent's folder", `Basic realm=${folder}/../../behaviours.key`),
    refuses("a file with another extension", `Basic realm=${folder}/behaviours.txt`),
    ...(canWriteKeys ? keys : []),
  ]);
