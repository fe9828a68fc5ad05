import type { HttpRequest } from "../contract/system-services.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { pinAgent } from "./pin-agent.ts";

export interface HttpSettings {
  /** PEM of certificate authorities to trust besides Node's own. */
  readonly ca?: string;
  /** HTTPS_PROXY, HTTP_PROXY and NO_PROXY are read from here. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether agents of this Node.js can use a proxy. Default: detected. */
  readonly canProxy?: boolean;
}

type Agent = import("node:http").Agent;

function proxyVariables(env: HttpSettings["env"]): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const name of ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"]) {
    const value = env[name] ?? env[name.toLowerCase()];
    if (value !== undefined) found[name] = value;
  }
  return found.HTTPS_PROXY === undefined && found.HTTP_PROXY === undefined ? undefined : found;
}

/**
 * Agents accept `proxyEnv` since the releases with this flag, 22.21 and 24.5; older ones silently
 * connect directly.
 */
const canProxyHere = () => process.allowedNodeEnvironmentFlags.has("--use-env-proxy");

/**
 * Node's error quotes the address of the proxy, which may contain a password, so it is replaced.
 */
function proxyRefused(error: unknown): unknown {
  if ((error as NodeJS.ErrnoException).code !== "ERR_PROXY_INVALID_CONFIG") return error;
  const remedy = "Write it like http://proxy.contoso.com:8080.";
  return new ConfigurationError("invalid-proxy", "HTTPS_PROXY or HTTP_PROXY is not the URL of a proxy.", { remedy });
}

/** The properties of a request that decide which connections it may share. */
export interface AgentNeeds {
  readonly secure: boolean;
  /** Without any proxy. */
  readonly direct: boolean;
  readonly tls: HttpRequest["tls"];
}

export interface Agents {
  get(needs: AgentNeeds): Agent;
  close(): void;
}

/** Number of agents that are kept: roots that rotate need new ones. */
const maxAgents = 32;

/** How an agent uses the proxy of the environment. */
function proxyOptions({ env, canProxy = canProxyHere() }: HttpSettings, direct: boolean): object {
  const proxyEnv = direct ? undefined : proxyVariables(env);
  if (proxyEnv === undefined) return {};
  if (canProxy) return { proxyEnv };
  const problem = `HTTPS_PROXY or HTTP_PROXY is set, and Node.js ${process.versions.node} cannot use a proxy.`;
  throw new ConfigurationError("proxy-unsupported", problem, { remedy: "Run it on Node.js 22.21, 24.5 or newer." });
}

/**
 * Roots of a request replace all others; those of the config are added to Node's own. They are read
 * once per agent: as its `ca` they would be read for each connection (15 ms) and be part of the
 * connection's key for each request (0.7 ms).
 */
function trustOptions(settings: HttpSettings, tls: HttpRequest["tls"]): object {
  const servername = tls?.serverName === undefined ? {} : { servername: tls.serverName };
  const { createSecureContext, getCACertificates } = process.getBuiltinModule("node:tls");
  const trusting = (ca: string | string[]) => ({ ...servername, secureContext: createSecureContext({ ca }) });
  if (tls?.ca !== undefined) return trusting(tls.ca);
  if (settings.ca !== undefined) return trusting([...getCACertificates("default"), settings.ca]);
  return servername;
}

function createAgent(settings: HttpSettings, { secure, direct, tls }: AgentNeeds): Agent {
  const options = { keepAlive: true, ...proxyOptions(settings, direct) };
  try {
    if (!secure) return new (process.getBuiltinModule("node:http").Agent)(options);
    const agent = new (process.getBuiltinModule("node:https").Agent)({ ...options, ...trustOptions(settings, tls) });
    if (tls?.pinnedThumbprint !== undefined) pinAgent(agent, tls.pinnedThumbprint);
    return agent;
  } catch (error) {
    throw proxyRefused(error);
  }
}

/** Connections of one identity, kept apart by proxy and trust. */
export function createAgents(settings: HttpSettings): Agents {
  const agents = new Map<string, Agent>();
  const forgetOldest = (): void => {
    const [key, agent] = agents.entries().next().value as [string, Agent];
    agents.delete(key);
    agent.destroy();
  };

  return {
    get(needs) {
      const key = JSON.stringify(needs);
      const agent = agents.get(key) ?? createAgent(settings, needs);
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
