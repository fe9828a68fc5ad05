import type { HttpRequest } from "../contract/system-services.ts";
import { ConfigurationError } from "../errors/errors.ts";
import type { ProxyServer } from "./proxy.ts";

/** Certificate authorities to trust besides Node's own. */
export interface Trust {
  /** PEM. */
  readonly ca: string;
  /** Its hash: what connections are kept apart by. */
  readonly id: string;
}

type Agent = import("node:http").Agent;

/**
 * Agents accept `proxyEnv` since Node.js 22.21 and 24.5, in Bun 1.4 and in Deno 2.9. Such an agent
 * has one more member for it; older ones silently connect directly.
 */
function canProxyHere(): boolean {
  const { Agent } = process.getBuiltinModule("node:http");
  const members = (options: object) => Reflect.ownKeys(new Agent(options)).length;
  return members({ proxyEnv: { http_proxy: "http://localhost" } }) > members({});
}

/** What decides which connections a request may share. */
export interface AgentNeeds {
  readonly url: URL;
  readonly tls: HttpRequest["tls"];
  /** `undefined`: a direct connection. */
  readonly proxy: ProxyServer | undefined;
  /** `undefined`: Node's own authorities. */
  readonly trust: Trust | undefined;
  readonly connection?: HttpRequest["connection"];
}

export interface Agents {
  /** @throws {ConfigurationError} `proxy-unsupported` */
  get(needs: AgentNeeds): Agent;
  close(): void;
}

/** Number of agents that are kept: roots that rotate need new ones. */
const maxAgents = 32;

/** How an agent uses a proxy. Exceptions are decided before, so it gets none. */
function proxyOptions(proxy: ProxyServer | undefined, canProxy: () => boolean): object {
  if (proxy === undefined) return {};
  if (canProxy()) return { proxyEnv: { https_proxy: proxy.url, http_proxy: proxy.url } };
  const problem = `${proxy.namedBy} is set, and this runtime cannot use a proxy.`;
  throw new ConfigurationError("proxy-unsupported", problem, {
    remedy: "Run it on Node.js 22.21 or 24.5, Bun 1.4, Deno 2.9, or newer.",
  });
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
function trustOptions({ tls, trust }: AgentNeeds): object {
  const servername = tls?.serverName === undefined ? {} : { servername: tls.serverName };
  const ca = tls?.ca ?? (trust && [...rootsOfNode(), trust.ca]);
  if (ca === undefined) return servername;
  return { ...servername, secureContext: process.getBuiltinModule("node:tls").createSecureContext({ ca }) };
}

/**
 * The options of an agent by which it meets these needs.
 *
 * @throws {ConfigurationError} `proxy-unsupported`
 */
export function agentOptions(needs: AgentNeeds, canProxy = canProxyHere): object {
  const { url, proxy, connection } = needs;
  const trust = url.protocol === "https:" && trustOptions(needs);
  return { keepAlive: true, ...connection, ...proxyOptions(proxy, canProxy), ...trust };
}

function createAgent(needs: AgentNeeds, canProxy?: () => boolean): Agent {
  const { url, tls } = needs;
  const options = agentOptions(needs, canProxy);
  if (url.protocol !== "https:") return new (process.getBuiltinModule("node:http").Agent)(options);
  const agent = new (process.getBuiltinModule("node:https").Agent)(options);
  tls?.pin?.restrict(agent);
  return agent;
}

/**
 * The connections of an identity and of all that come from it, kept apart by proxy and trust.
 *
 * @param canProxy whether agents can use a proxy. Default: whether those of this Node.js can
 */
export function createAgents(canProxy?: () => boolean): Agents {
  const agents = new Map<string, Agent>();
  const forgetOldest = (): void => {
    const [key, agent] = agents.entries().next().value as [string, Agent];
    agents.delete(key);
    agent.destroy();
  };

  return {
    get(needs) {
      const { url, tls, proxy, trust, connection } = needs;
      const key = JSON.stringify([url.protocol, tls, proxy?.url, trust?.id, connection]);
      const agent = agents.get(key) ?? createAgent(needs, canProxy);
      agents.delete(key);
      agents.set(key, agent);
      if (agents.size > maxAgents) forgetOldest();
      return agent;
    },
    close() {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}
