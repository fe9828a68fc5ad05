import type { HttpRequest } from "../contract/system-services.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { pinAgent } from "./pin-agent.ts";
import { createProxySettings, type ProxyServer } from "./proxy.ts";

export interface HttpSettings {
  /** PEM of certificate authorities to trust besides Node's own. */
  readonly ca?: string;
  /** HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY are read from here. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether agents of this Node.js can use a proxy. Default: detected. */
  readonly canProxy?: boolean;
}

type Agent = import("node:http").Agent;

/**
 * Agents accept `proxyEnv` since the releases with this flag, 22.21 and 24.5; older ones silently
 * connect directly.
 */
const canProxyHere = () => process.allowedNodeEnvironmentFlags.has("--use-env-proxy");

/** The properties of a request that decide which connections it may share. */
export interface AgentNeeds {
  readonly url: URL;
  /** Without any proxy. */
  readonly direct: boolean;
  readonly tls: HttpRequest["tls"];
}

/** An agent, and the proxy that its connections go through. */
export interface Route {
  readonly agent: Agent;
  readonly proxy: ProxyServer | undefined;
}

export interface Agents {
  /** @throws {ConfigurationError} `invalid-proxy`, `proxy-unsupported` */
  get(needs: AgentNeeds): Route;
  close(): void;
}

/** Number of agents that are kept: roots that rotate need new ones. */
const maxAgents = 32;

/** How an agent uses a proxy. Exceptions are decided before, so it gets none. */
function proxyOptions({ canProxy }: HttpSettings, proxy: ProxyServer | undefined): object {
  if (proxy === undefined) return {};
  if (canProxy ?? canProxyHere()) return { proxyEnv: { https_proxy: proxy.url, http_proxy: proxy.url } };
  const problem = `${proxy.variable} is set, and Node.js ${process.versions.node} cannot use a proxy.`;
  throw new ConfigurationError("proxy-unsupported", problem, { remedy: "Run it on Node.js 22.21, 24.5 or newer." });
}

/** Node's own certificate authorities. To read them takes milliseconds, to use them does not. */
function rootsOfNode(): readonly string[] {
  const tls = process.getBuiltinModule("node:tls");
  // Node.js before 22.15 does not tell what NODE_EXTRA_CA_CERTS adds
  return tls.getCACertificates === undefined ? tls.rootCertificates : tls.getCACertificates("default");
}

/**
 * Roots of a request replace all others; those of the config are added to Node's own. They are read
 * once per agent: as its `ca` they would be read for each connection (15 ms) and be part of the
 * connection's key for each request (0.7 ms).
 */
function trustOptions(settings: HttpSettings, tls: HttpRequest["tls"]): object {
  const servername = tls?.serverName === undefined ? {} : { servername: tls.serverName };
  const ca = tls?.ca ?? (settings.ca === undefined ? undefined : [...rootsOfNode(), settings.ca]);
  if (ca === undefined) return servername;
  return { ...servername, secureContext: process.getBuiltinModule("node:tls").createSecureContext({ ca }) };
}

function createAgent(
  settings: HttpSettings,
  { url, tls }: Pick<AgentNeeds, "url" | "tls">,
  proxy: ProxyServer | undefined,
): Agent {
  const options = { keepAlive: true, ...proxyOptions(settings, proxy) };
  if (url.protocol !== "https:") return new (process.getBuiltinModule("node:http").Agent)(options);
  const agent = new (process.getBuiltinModule("node:https").Agent)({ ...options, ...trustOptions(settings, tls) });
  if (tls?.pinnedThumbprint !== undefined) pinAgent(agent, tls.pinnedThumbprint);
  return agent;
}

/** Connections of one identity, kept apart by proxy and trust. */
export function createAgents(settings: HttpSettings): Agents {
  const agents = new Map<string, Agent>();
  const proxyFor = createProxySettings(settings.env);
  const forgetOldest = (): void => {
    const [key, agent] = agents.entries().next().value as [string, Agent];
    agents.delete(key);
    agent.destroy();
  };

  return {
    get({ url, direct, tls }) {
      const proxy = direct || tls?.pinnedThumbprint !== undefined ? undefined : proxyFor?.(url);
      const key = JSON.stringify([url.protocol, tls, proxy?.url]);
      const agent = agents.get(key) ?? createAgent(settings, { url, tls }, proxy);
      agents.delete(key);
      agents.set(key, agent);
      if (agents.size > maxAgents) forgetOldest();
      return { agent, proxy };
    },
    close() {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}
