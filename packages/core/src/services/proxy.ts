import { ConfigurationError } from "../errors/errors.ts";
import { unquoted } from "../util/text.ts";
import { readNoProxy } from "./no-proxy.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** A proxy that a variable or a setting names. */
export interface ProxyServer {
  /** Its URL, with user name and password percent-encoded. */
  readonly url: string;
  /** Its host and port, for messages. */
  readonly host: string;
  /** What names it: a variable as it is written in the environment, or `http.proxy`. */
  readonly namedBy: string;
  readonly hasPassword: boolean;
}

interface Variable {
  readonly name: string;
  readonly value: string;
}

/**
 * A variable in any case. Of several, the one in small letters counts, as for curl and Node.js. A
 * web server passes the header `Proxy` of a request to a CGI program as HTTP_PROXY, so there only
 * the small letters count. https://httpoxy.org
 */
function variable(env: Env, lowerCase: string): Variable | undefined {
  const isCgi = lowerCase === "http_proxy" && env.REQUEST_METHOD !== undefined;
  const others = isCgi ? [] : Object.keys(env).filter((name) => name.toLowerCase() === lowerCase);
  for (const name of [lowerCase, lowerCase.toUpperCase(), ...others]) {
    const value = isCgi && name !== lowerCase ? "" : unquoted(env[name] ?? "");
    if (value !== "") return { name, value };
  }
  return undefined;
}

/** A percent sign without a valid escape is kept, as in curl. */
function percentEncoded(text: string): string {
  const escaped = text.replace(/%(?![\da-f]{2})/gi, "%25");
  try {
    return encodeURIComponent(decodeURIComponent(escaped));
  } catch {
    return encodeURIComponent(text); // its escapes are not UTF-8
  }
}

const form = /^(?:([a-z][a-z\d+.-]*):\/\/)?(?:([^/?#]*)@)?(\[[\da-f:.]+\]|[^\s:/?#@[\]\\]+)(?::(\d{1,5}))?(?:\/.*)?$/i;

function invalid(name: string, why: string, remedy: string): ConfigurationError {
  return new ConfigurationError("invalid-proxy", `${name} ${why}.`, { remedy });
}

/**
 * Refuses with what is wrong; never quotes more than the scheme, because the rest may hold a
 * password.
 */
function parseProxy({ name, value }: Variable): ProxyServer {
  const parts = form.exec(value);
  const [, scheme = "http", userInfo, host = "", port] = parts ?? [];
  const example = "Write it like http://proxy.contoso.com:8080.";
  if (/^socks/i.test(value) || !/^https?$/i.test(scheme)) {
    const kind = /^[a-z\d]+/i.exec(value)?.[0].toLowerCase();
    throw invalid(name, `names a proxy of the kind ${kind}, which is not supported`, `Name an HTTP proxy. ${example}`);
  }
  const address = `${scheme.toLowerCase()}://${host}${port === undefined ? "" : `:${port}`}`;
  if (parts === null || !URL.canParse(address)) {
    const remedy = value.includes("@")
      ? `${example} Percent-encode special characters of its user name and password, such as %23 for #.`
      : example;
    throw invalid(name, "is not the URL of a proxy", remedy);
  }
  const [user = "", password] = (userInfo ?? "").split(/:(.*)/s);
  const credentials =
    userInfo === undefined
      ? ""
      : `${percentEncoded(user)}${password === undefined ? "" : `:${percentEncoded(password)}`}@`;
  return {
    url: address.replace("://", `://${credentials}`),
    host: new URL(address).host,
    namedBy: name,
    hasPassword: userInfo !== undefined,
  };
}

/**
 * Decides which proxy a target has: that of the setting, else that of the variables, which are read
 * as curl and Go do: `https_proxy` or `http_proxy` by the scheme of the target, behind them
 * `all_proxy`. `no_proxy` has the exceptions of both. What is set but cannot be used is an error
 * for each target that would go through it, never a direct connection.
 *
 * @param setting `false`: no proxy
 * @throws {ConfigurationError} by the returned function: `invalid-proxy`
 */
export function createProxySettings(
  env: Env,
  setting?: string | false,
): ((target: URL) => ProxyServer | undefined) | undefined {
  if (setting === false) return undefined;
  const configured = setting === undefined ? undefined : { name: "`http.proxy`", value: unquoted(setting) };
  const all = configured ?? variable(env, "all_proxy");
  const secure = configured ?? variable(env, "https_proxy") ?? all;
  const plain = configured ?? variable(env, "http_proxy") ?? all;
  if (secure === undefined && plain === undefined) return undefined;
  const isExcepted = readNoProxy(variable(env, "no_proxy")?.value ?? "");
  const parsed = new Map<Variable, ProxyServer>();
  const parse = (found: Variable): ProxyServer => {
    const proxy = parsed.get(found) ?? parseProxy(found);
    parsed.set(found, proxy);
    return proxy;
  };
  return (target) => {
    const found = target.protocol === "https:" ? secure : plain;
    return found === undefined || isExcepted(target) ? undefined : parse(found);
  };
}
