/**
 * A Worker with an identity in its module scope, as Workers are written: its requests share tokens.
 * The variables are those of the Worker. Time can be set ahead.
 */

import { env } from "cloudflare:workers";
import { createIdentity } from "@azidentity/core/in-code";
import { ClientSecretCredential, getBearerTokenProvider } from "@azidentity/identity";
import cachePersist from "@azidentity/plugin-cache-persist";
import entra from "@azidentity/plugin-entra";
import { BlobServiceClient } from "@azure/storage-blob";

const scope = "https://storage.azure.com/.default";
const plugins = [entra];
const chain = ["environment"];

let aheadMs = 0;
const now = () => Date.now() + aheadMs;
const sleep = (ms, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
const clock = { now, monotonic: now, sleep };

const make = () => createIdentity({ plugins, chain }, { clock });
let identity = make();
/** A token that is requested in the global scope, where no I/O is permitted. */
const early = make();
const tooEarly = early.getToken(scope).catch(({ message }) => message);
const usual = createIdentity({ plugins, chain });
const blobs = new BlobServiceClient("https://account.blob.core.windows.net", usual);
const dropIn = new ClientSecretCredential(env.AZURE_TENANT_ID, env.AZURE_CLIENT_ID, env.AZURE_CLIENT_SECRET);
const onBehalfOf = usual.credential("on-behalf-of", {
  tenantId: env.AZURE_TENANT_ID,
  clientId: env.AZURE_CLIENT_ID,
  clientSecret: env.AZURE_CLIENT_SECRET,
});
/** A credential of another library, whose requests the runtime ends with the client. */
const ofAnotherLibrary = {
  async getToken() {
    await fetch("https://login.microsoftonline.com/common/discovery/instance");
    return { token: "eyJ of another library", expiresOnTimestamp: Date.now() + 3_600_000 };
  },
};
const provide = getBearerTokenProvider(ofAnotherLibrary, scope);

const answers = {
  "too early": async () => `${await tooEarly}\n${(await early.getToken(scope)).token}`,
  token: async () => (await identity.getToken(scope)).token,
  async "refresh is due"() {
    const { expiresOnTimestamp } = await identity.getToken(scope);
    aheadMs += expiresOnTimestamp - now() - 200_000;
    return "due";
  },
  async "another identity"() {
    aheadMs = 0;
    identity = make();
    return "made";
  },
  async close() {
    await identity.close();
    return "closed";
  },
  explain: async () => (await usual.explain(scope)).winner,
  "drop-in": async () => (await dropIn.getToken(scope)).token,
  "token provider": provide,
  async blob() {
    const { readableStreamBody } = await blobs.getContainerClient("reports").getBlobClient("today.txt").download();
    return new Response(readableStreamBody).text();
  },
  async "stores of processes"() {
    const ignore = () => {};
    const logger = { error: ignore, warn: ignore, info: ignore, debug: ignore };
    const failures = [];
    for (const cache of [
      { store: "file", directory: "/tmp/tokens" },
      { store: "redis", url: "redis://127.0.0.1:1" },
    ]) {
      const own = createIdentity({ plugins: [...plugins, cachePersist], chain, cache }, { logger });
      const { token } = await own.getToken(scope);
      failures.push(`${token.slice(0, 3)} ${own.explain.last.storeFailure}`);
    }
    return failures.join("\n");
  },
  async "a proxy"() {
    const refused = createIdentity({ plugins, chain, http: { proxy: "http://proxy.example:8080" } });
    return (await refused.getToken(scope)).token;
  },
};

export default {
  async fetch(request) {
    const name = decodeURIComponent(new URL(request.url).pathname.slice(1));
    const [, user] = /^on behalf of (.+)$/.exec(name) ?? [];
    const answer = user === undefined ? answers[name]() : onBehalfOf.forUser(user).getToken(scope);
    return answer.then(
      (result) => new Response(result.token ?? result),
      ({ code, message }) => new Response(`${code}: ${message}`),
    );
  },
};
