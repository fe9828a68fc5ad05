import { createHash } from "node:crypto";
import type { Application } from "../entra/application.ts";
import type { Tenant } from "../entra/directory.ts";
import type { User } from "../entra/users/user.ts";
import type { Reply } from "../http/message.ts";
import type { RecordedRequest } from "../journal/journal.ts";
import { dashboardScript } from "./dashboard-script.ts";
import { dashboardStyle } from "./dashboard-style.ts";
import { type Html, html } from "./html.ts";

/** A request of the journal with its number, which is the id of its row. */
export interface NumberedRequest {
  readonly number: number;
  readonly request: RecordedRequest;
}

/** The whole page. It loads nothing but its feed. */
export function dashboardReply(tenants: readonly Tenant[], requests: readonly NumberedRequest[]): Reply {
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const policy = [
    "default-src 'none'",
    `style-src ${hash(dashboardStyle)}`,
    `script-src ${hash(dashboardScript)}`,
    "connect-src 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  return {
    status: 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy.join("; "),
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    },
    body: document(tenants, requests).html,
  };
}

function document(tenants: readonly Tenant[], requests: readonly NumberedRequest[]): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Emulator of Microsoft Entra ID</title>
<style>${{ html: dashboardStyle }}</style>
</head>
<body>
<header>
<h1>Emulator of Microsoft Entra ID</h1>
<p id="status" role="status">Load the page again to see more.</p>
</header>
<main>
<div id="directory">${directoryHtml(tenants)}</div>
<section aria-labelledby="requests-title">
<h2 id="requests-title">Requests</h2>
<p class="quiet">The newest first, with secrets replaced. Times are those of the emulator's clock, UTC.</p>
<p id="none"${requests.length > 0 && html` hidden`}>No request has arrived yet.</p>
<table aria-labelledby="requests-title">
<thead><tr><th scope="col">Time</th><th scope="col">Request</th><th scope="col" class="status">Status</th></tr></thead>
<tbody id="requests">${rowsHtml(requests)}</tbody>
</table>
</section>
</main>
${{ html: `<script>${dashboardScript}</script>` }}
</body>
</html>
`;
}

/** The tenants with their applications and users. */
export function directoryHtml(tenants: readonly Tenant[]): Html {
  return html`${tenants.map(
    (tenant) => html`<section>
<h2>${tenant.displayName}</h2>
<p class="quiet">Tenant ${[tenant.tenantId, ...tenant.domains].join(", ")}</p>
${tableHtml("Applications", ["Application", "Signs in with"], tenant.applications.map(applicationHtml))}
${tenant.users.length > 0 && tableHtml("Users", ["User", "About"], tenant.users.map(userHtml))}
</section>
`,
  )}`;
}

function tableHtml(caption: string, titles: readonly string[], rows: readonly Html[]): Html {
  const head = titles.map((title) => html`<th scope="col">${title}</th>`);
  return html`<table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table>`;
}

function applicationHtml({ clientId, displayName, identifierUris, credentials, publicClient }: Application): Html {
  const count = (number: number, one: string, several: string) =>
    number === 0 ? [] : [`${number} ${number === 1 ? one : several}`];
  const ways = [
    ...count(credentials.secrets.length, "secret", "secrets"),
    ...count(credentials.certificates.length + credentials.trustedSubjects.length, "certificate", "certificates"),
    ...count(credentials.federated.length, "federated credential", "federated credentials"),
    ...(publicClient ? ["users alone (public client)"] : []),
  ];
  const named =
    displayName === clientId ? html`${clientId}` : html`${displayName}<span class="quiet">${clientId}</span>`;
  return html`<tr><td>${named}<span class="quiet">${identifierUris.join(", ")}</span></td><td>${ways.join(", ")}</td></tr>`;
}

function userHtml({ username, displayName, objectId, password, secondFactor }: User): Html {
  const facts = [
    ...(password === undefined ? ["guest"] : []),
    ...(secondFactor === undefined ? [] : ["second factor"]),
  ];
  const named =
    displayName === username ? html`${username}` : html`${displayName}<span class="quiet">${username}</span>`;
  return html`<tr><td>${named}<span class="quiet">${objectId}</span></td><td>${facts.join(", ")}</td></tr>`;
}

/** Rows, the newest first. */
export function rowsHtml(requests: readonly NumberedRequest[]): Html {
  return html`${requests.toReversed().map(rowHtml)}`;
}

export function rowHtml({ number, request }: NumberedRequest): Html {
  const { at, method, path, service, status } = request;
  const time = new Date(at).toISOString();
  const result = status === undefined ? "…" : String(status);
  const isFailed = status !== undefined && status >= 400;
  return html`<tr id="request-${String(number)}"><td class="time"><time datetime="${time}">${time.slice(11, 19)}</time></td><td><span class="method">${method}</span> ${path}<span class="quiet">${describe(service, request)}</span></td><td class="status">${isFailed ? html`<span class="failed">${result}</span>` : result}</td></tr>`;
}

/** What tells one request for a token from the next. */
function describe(service: string, { form, url }: RecordedRequest): string {
  const query = new URL(url).searchParams;
  const names = ["grant_type", "client_id", "scope", "resource"];
  const values = names.flatMap((name) => {
    const value = form[name] ?? query.get(name);
    return value === null || value === undefined ? [] : [`${name}=${value}`];
  });
  return [service, ...values].join(" · ");
}
