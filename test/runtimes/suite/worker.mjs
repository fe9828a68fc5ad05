/**
 * A Worker that does a case of the suite with `fetch` as its transport: `/{case}` answers "ok", or code and stack.
 * `/blob` answers a blob of the storage account, read with a token.
 */
import { createIdentity } from "@azidentity/core/in-code";
import entra from "@azidentity/plugin-entra";

const scope = "https://storage.azure.com/.default";
const plugins = [entra];

/** In the global scope of a Worker no I/O, no timer and no random number is permitted; making an identity needs none. */
const idle = createIdentity({ plugins }, { env: {} });

const http = {
  async send({ method, url, headers, body }, signal) {
    const response = await fetch(url, { method, headers, body, signal, redirect: "manual" });
    const { status } = response;
    return { status, headers: Object.fromEntries(response.headers), body: await response.text() };
  },
};

function identityOf(bindings, source, own) {
  const { tenantId, clientId } = bindings;
  return createIdentity({ plugins, chain: [{ source, options: { tenantId, clientId, ...own } }] }, { env: {}, http });
}

const signsIn = async (bindings, source, own) => {
  const identity = identityOf(bindings, source, own);
  await identity.getToken(scope);
  if (identity.explain.last.principal.clientId !== bindings.clientId) throw new Error("another principal");
};

const cases = {
  "client secret": (bindings) => signsIn(bindings, "client-secret", { clientSecret: bindings.clientSecret }),
  async "a wrong secret is named"(bindings) {
    const identity = identityOf(bindings, "client-secret", { clientSecret: "wrong" });
    const code = await identity.getToken(scope).then(
      () => "a token",
      (error) => error.code,
    );
    if (code !== "invalid-client-secret") throw new Error(code);
  },
  "certificate, text": (bindings) => signsIn(bindings, "client-certificate", { certificate: bindings.certificate }),
  "assertion of a callback": (bindings) =>
    signsIn(bindings, "client-assertion", { getAssertion: async () => bindings.assertion }),
  async "many callers, one request"(bindings) {
    const identity = identityOf(bindings, "client-secret", { clientSecret: bindings.clientSecret });
    const tokens = await Promise.all(Array.from({ length: 100 }, () => identity.getToken(scope)));
    if (new Set(tokens.map(({ token }) => token)).size !== 1) throw new Error("several tokens");
  },
  async "which source, and why"(bindings) {
    const identity = identityOf(bindings, "client-secret", { clientSecret: bindings.clientSecret });
    if ((await identity.explain(scope)).winner !== "client-secret") throw new Error("another source");
  },
};

async function readBlob(bindings) {
  const identity = identityOf(bindings, "client-secret", { clientSecret: bindings.clientSecret });
  const { token } = await identity.getToken(scope);
  const headers = { authorization: `Bearer ${token}`, "x-ms-version": "2021-12-02" };
  return fetch("https://account.blob.core.windows.net/reports/today.txt", { headers });
}

export default {
  async fetch(request, bindings) {
    const name = decodeURIComponent(new URL(request.url).pathname.slice(1));
    if (name === "idle") return new Response(typeof idle.getToken);
    if (name === "blob") return readBlob(bindings);
    return cases[name](bindings).then(
      () => new Response("ok"),
      ({ code = "no code", stack }) => new Response(`${code} ${stack}`),
    );
  },
};
