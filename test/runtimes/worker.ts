/** A Worker in workerd, with everything that it sends led to the emulator and to a storage account. */
import { request } from "node:https";
import { createRequire } from "node:module";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Emulator } from "@azidentity/emulator";
import { build } from "esbuild";

/** The cases of suite/worker.mjs, by area. */
export const casesOfWorker = [
  { area: "core: cache, chain, config files, time limits", name: "many callers, one request" },
  { area: "core: cache, chain, config files, time limits", name: "which source, and why" },
  { area: "plugin-entra: applications", name: "client secret" },
  { area: "plugin-entra: applications", name: "a wrong secret is named" },
  { area: "plugin-entra: applications", name: "certificate, text" },
  { area: "plugin-entra: applications", name: "assertion of a callback" },
] as const;

export interface Worker extends AsyncDisposable {
  /** What the Worker answers to a path. */
  get(path: string): Promise<string>;
}

/** Sends what goes to Entra to the emulator, whose authority workerd does not know. */
function toEmulator({ authorityHost, caCertificate: ca }: Emulator, asked: Request): Promise<Response> {
  const { pathname, search } = new URL(asked.url);
  return new Promise((resolve, reject) => {
    const { method } = asked;
    const headers = Object.fromEntries(asked.headers);
    const sent = request(`${authorityHost}${pathname}${search}`, { method, headers, ca, agent: false }, (response) => {
      const { statusCode: status = 0 } = response;
      const type = { "content-type": response.headers["content-type"] ?? "" };
      text(response).then((body) => resolve(new Response(body, { status, headers: type })), reject);
    });
    sent.on("error", reject);
    asked.text().then((body) => sent.end(body), reject);
  });
}

/** A storage account with one blob, for requests that have a token for it. */
function storage(asked: Request): Response {
  const [, claims = ""] = (asked.headers.get("authorization") ?? "").split(".");
  const { aud } = JSON.parse(Buffer.from(claims, "base64url").toString() || "{}") as { readonly aud?: string };
  return aud === "https://storage.azure.com" ? new Response("Hello") : new Response(`for ${aud}`, { status: 401 });
}

/** Bundles the Worker as a Worker's tools do, and starts workerd. */
export async function startWorker(
  folder: string,
  emulator: Emulator,
  bindings: Readonly<Record<string, string>>,
): Promise<Worker> {
  const path = join(folder, "worker.bundle.mjs");
  const entryPoints = [join(folder, "suite/worker.mjs")];
  await build({ entryPoints, outfile: path, bundle: true, platform: "node", format: "esm", logLevel: "error" });
  const { Miniflare } = createRequire(join(folder, "package.json"))("miniflare") as {
    Miniflare: new (
      options: object,
    ) => {
      dispatchFetch(url: string): Promise<Response>;
      dispose(): Promise<void>;
    };
  };
  const miniflare = new Miniflare({
    modules: [{ type: "ESModule", path }],
    modulesRoot: folder,
    compatibilityDate: "2026-07-01",
    compatibilityFlags: ["nodejs_compat"],
    bindings,
    outboundService: async (asked: Request) => {
      const { hostname } = new URL(asked.url);
      const answer = hostname.endsWith(".blob.core.windows.net") ? storage(asked) : await toEmulator(emulator, asked);
      return toOwn(answer);
    },
  });
  /** Miniflare accepts a response of its own class alone. */
  const { Response: OwnResponse } = createRequire(join(folder, "package.json"))("miniflare") as {
    Response: typeof Response;
  };
  const toOwn = async (answer: Response) =>
    new OwnResponse(await answer.text(), { status: answer.status, headers: Object.fromEntries(answer.headers) });
  return {
    get: async (one) => (await miniflare.dispatchFetch(`http://localhost/${encodeURIComponent(one)}`)).text(),
    [Symbol.asyncDispose]: () => miniflare.dispose(),
  };
}
