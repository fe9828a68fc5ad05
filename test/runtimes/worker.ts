/**
 * Workers in workerd, with everything that they send led to the emulator and to a storage account.
 */
import { request } from "node:https";
import { builtinModules, createRequire } from "node:module";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Emulator } from "@azidentity/emulator";
import { build, type Plugin } from "esbuild";

export interface Worker extends AsyncDisposable {
  /** What the Worker answers to a path. */
  get(path: string): Promise<string>;
  /** As `get`, but the client leaves once `left` is settled. */
  getUntil(path: string, left: Promise<unknown>): Promise<string>;
  /** Runs the handler of its schedule. */
  runSchedule(): Promise<unknown>;
}

interface Compatibility {
  readonly compatibilityDate: string;
  readonly compatibilityFlags: readonly string[];
}

export interface WorkerSettings extends Omit<BundledWorkerSettings, "path"> {
  /** The program, in `suite/`. */
  readonly program: string;
}

export interface BundledWorkerSettings {
  /** The project that has the packages and miniflare installed. */
  readonly folder: string;
  /** The program in one file, in that folder. */
  readonly path: string;
  readonly emulator: Emulator;
  readonly bindings: Readonly<Record<string, string>>;
  /** Default: a date and `nodejs_compat`. */
  readonly compatibility?: Compatibility;
  /** A KV namespace, and the folder that keeps its entries for the next Worker; needs version 5. */
  readonly kv?: { readonly binding: string; readonly folder: string };
  /** What else the Worker has, in the options of miniflare, such as its queues. */
  readonly resources?: object;
  /** A server that never answers, as `https://host:port`. */
  readonly silentServer?: string;
  /** Called with each request before it is sent on to Entra, which waits for it. */
  readonly onRequest?: () => Promise<void>;
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
  const headers = { etag: '"1"', "content-length": "5", "content-type": "text/plain" };
  return aud === "https://storage.azure.com" ? new Response("Hello", { headers }) : new Response(aud, { status: 401 });
}

/**
 * Modules of Node are the runtime's, also where a package requires them, as in the bundles of
 * wrangler.
 */
const ofRuntime: Plugin = {
  name: "of-runtime",
  setup(bundle) {
    const names = builtinModules.filter((name) => !name.startsWith("_")).join("|");
    bundle.onResolve({ filter: new RegExp(`^(?:(?:node:)?(?:${names})|cloudflare:.*)$`) }, ({ path, kind }) => {
      const name = /:/.test(path) ? path : `node:${path}`;
      return kind === "require-call" ? { path: name, namespace: "required" } : { path: name, external: true };
    });
    bundle.onLoad({ filter: /.*/, namespace: "required" }, ({ path }) => ({
      contents: `import required from "${path}";\nmodule.exports = required;`,
    }));
  },
};

/**
 * Bundles a program as the tools of Workers do; clients of the Azure SDK are their builds for
 * Node.js, because those for browsers need a document.
 */
async function bundle(folder: string, program: string): Promise<string> {
  const outfile = join(folder, `${program}.bundle.mjs`);
  await build({
    entryPoints: [join(folder, "suite", program)],
    outfile,
    bundle: true,
    platform: "node",
    conditions: ["workerd", "worker"],
    plugins: [ofRuntime],
    nodePaths: [join(import.meta.dirname, "../../examples/blob-storage/node_modules")],
    format: "esm",
    logLevel: "error",
  });
  return outfile;
}

/** A Worker before the program: it calls it, and leaves when it is asked to. */
const client = `export default {
  async fetch(request, { PROGRAM, LEFT }) {
    if (!request.headers.has("x-leaves")) return PROGRAM.fetch(request);
    const controller = new AbortController();
    const answer = PROGRAM.fetch(request, { signal: controller.signal });
    LEFT.fetch(request).then(() => controller.abort());
    return answer.catch(() => new Response("left"));
  },
};`;

interface Miniflare {
  dispatchFetch(url: string, init?: RequestInit): Promise<Response>;
  dispose(): Promise<void>;
  getWorker(name: string): Promise<{ scheduled(): Promise<unknown> }>;
}
interface MiniflareModule {
  readonly Miniflare: new (options: object) => Miniflare;
  /** It accepts a response of its own class alone. */
  readonly Response: typeof Response;
  /** Of version 5, whose options are others. */
  readonly convertV4MiniflareOptions?: (options: object) => object;
}

/** What is installed in the folder of a project. */
export const miniflareOf = (folder: string) =>
  createRequire(join(folder, "package.json"))("miniflare") as MiniflareModule;

const current: Compatibility = { compatibilityDate: "2026-07-01", compatibilityFlags: ["nodejs_compat"] };

/** Bundles the Worker, and starts workerd. */
export async function startWorker({ program, ...settings }: WorkerSettings): Promise<Worker> {
  return startBundledWorker({ ...settings, path: await bundle(settings.folder, program) });
}

/** Starts workerd with a Worker. */
export async function startBundledWorker(settings: BundledWorkerSettings): Promise<Worker> {
  const { folder, path, emulator, bindings, silentServer, onRequest } = settings;
  const { compatibility = current, kv, resources } = settings;
  const miniflare = miniflareOf(folder);
  const { convertV4MiniflareOptions: convert = (options) => options } = miniflare;
  const answerOf = async (asked: Request): Promise<Response> => {
    const { hostname, origin } = new URL(asked.url);
    if (origin === silentServer) return new Promise(() => undefined);
    if (hostname.endsWith(".blob.core.windows.net")) return storage(asked);
    await onRequest?.();
    return toEmulator(emulator, asked);
  };
  const outboundService = async (asked: Request) => {
    const answer = await answerOf(asked);
    const headers = Object.fromEntries(answer.headers);
    return new miniflare.Response(await answer.text(), { status: answer.status, headers });
  };
  let left: Promise<unknown> = Promise.resolve();
  const leave = () => left.then(() => new miniflare.Response("left"));
  const serviceBindings = { PROGRAM: "program", LEFT: leave };
  const modules = [{ type: "ESModule", path }];
  const own = { modules, modulesRoot: folder, bindings, outboundService, ...(kv && { kvNamespaces: [kv.binding] }) };
  const running = new miniflare.Miniflare(
    convert({
      ...(kv && { resourcePersistencePath: kv.folder }), // of version 5
      workers: [
        { name: "client", modules: true, script: client, ...current, serviceBindings },
        { name: "program", ...own, ...resources, ...compatibility },
      ],
    }),
  );
  const get = async (one: string, headers = {}) =>
    (await running.dispatchFetch(`http://localhost/${encodeURIComponent(one)}`, { headers })).text();
  return {
    get: (one) => get(one),
    getUntil(one, until) {
      left = until;
      return get(one, { "x-leaves": "1" });
    },
    runSchedule: async () => (await running.getWorker("program")).scheduled(),
    [Symbol.asyncDispose]: () => running.dispose(),
  };
}
