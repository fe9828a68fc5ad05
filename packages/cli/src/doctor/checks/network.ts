import { existsSync } from "node:fs";
import type { Finding } from "../../findings/finding.ts";
import { withoutRemedy } from "../../walks/attempt-text.ts";
import type { ServerAnswer } from "../ask-server.ts";
import { asksAuthority } from "../asks-authority.ts";
import type { DoctorContext } from "../doctor-context.ts";

const proxyVariables = ["https_proxy", "http_proxy", "all_proxy", "no_proxy"];

/** What names a proxy, without its value, which may have a password in it. */
function proxyNames({ inspection }: DoctorContext): readonly string[] {
  const { context, settings } = inspection;
  const { proxy } = settings.http ?? {};
  if (proxy === false) return [];
  const set = Object.keys(context.env).map((name) => name.toLowerCase());
  const named = proxyVariables.filter((name) => set.includes(name)).map((name) => name.toUpperCase());
  return proxy === undefined ? named : ["http.proxy", ...named.filter((name) => name === "NO_PROXY")];
}

/** Node.js goes on without a file of authorities that it cannot read. */
function missingAuthorities({ inspection }: DoctorContext): readonly Finding[] {
  const file = inspection.context.env.NODE_EXTRA_CA_CERTS;
  if (file === undefined || existsSync(file)) return [];
  return [
    {
      state: "warning",
      subject: "NODE_EXTRA_CA_CERTS",
      sentence: `NODE_EXTRA_CA_CERTS names a file that does not exist: ${file}`,
      remedy: "Correct the path, or unset the variable.",
    },
  ];
}

/** What the requests pass on their way: `through HTTPS_PROXY`, `trusting http.caFile`. */
function wayOf(context: DoctorContext): string {
  const { env } = context.inspection.context;
  const proxies = proxyNames(context);
  const authorities = [
    ...(env.NODE_EXTRA_CA_CERTS === undefined ? [] : ["NODE_EXTRA_CA_CERTS"]),
    ...(context.inspection.settings.http?.caFile === undefined ? [] : ["http.caFile"]),
  ];
  const parts = [
    ...(proxies.length === 0 ? [] : [`proxy: ${proxies.join(", ")}`]),
    ...(authorities.length === 0 ? [] : [`authorities: ${authorities.join(", ")}`]),
  ];
  return parts.length === 0 ? "" : ` (${parts.join("; ")})`;
}

/** What is wrong with an answer; `undefined`: nothing. */
function wrongAnswer({ host, status = 0, refusal, ms }: ServerAnswer, tenantId: unknown): Finding | undefined {
  if (refusal === "invalid_tenant") {
    const sentence = `${host} does not know the tenant ${String(tenantId)}.`;
    return {
      state: "problem",
      sentence,
      remedy: "Check `tenantId` and `cloud` of the config.",
      code: "unknown-tenant",
      ms,
    };
  }
  if (status < 500) return undefined;
  const remedy = "Try again later; https://azure.status.microsoft has the state of the service.";
  return { state: "warning", sentence: `${host} answers with HTTP ${status}.`, remedy, ms };
}

/**
 * Whether the server that signs people and applications in can be reached, by proxy and authorities
 * of the config.
 */
export async function network(context: DoctorContext): Promise<readonly Finding[]> {
  if (!asksAuthority(context)) return [{ state: "skipped", sentence: "No source of the chain asks Entra itself." }];
  const answer = await context.server();
  const { host, ms, error } = answer;
  const more = missingAuthorities(context);
  const wrong = wrongAnswer(answer, context.inspection.context.defaults.tenantId);
  if (wrong !== undefined) return [wrong, ...more];
  if (error === undefined) return [{ state: "ok", sentence: `${host} answers${wayOf(context)}.`, ms }, ...more];
  const { message, remedy, code } = error; // names the proxy
  return [{ state: "problem", sentence: withoutRemedy(message, remedy), remedy, code, ms }, ...more];
}
