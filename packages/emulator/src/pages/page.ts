import { createHash } from "node:crypto";
import type { Reply } from "../http/message.ts";
import { type Html, html } from "./html.ts";
import { style } from "./style.ts";

/** Who receives a visitor of no tenant in particular. */
export const anyHost = "Work or school account";

export interface Page {
  /** Who receives the visitor: the name of a tenant, or {@link anyHost}. */
  readonly host: string;
  readonly title: string;
  readonly content: Html;
  /** What went wrong with the form that was sent before. */
  readonly problem?: string | undefined;
  /** An address outside of the authority to which the answer to one of the page's forms may lead. */
  readonly leadsTo?: string | undefined;
  /** Runs when the page is there. The page has to work without it, too. */
  readonly script?: string;
}

/** A page as it is sent: nothing is loaded from anywhere, no other site may frame it, and its forms go nowhere but where they say. */
export function pageReply(page: Page, status = 200, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": contentSecurityPolicy(page),
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      ...headers,
    },
    body: document(page).html,
  };
}

/** Says what was wrong with a field; the field refers to it. */
export const problemId = "problem";

function document({ host, title, content, problem, script }: Page): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${problem === undefined ? title : `Error: ${title}`}</title>
<style>${{ html: style }}</style>
</head>
<body>
<main>
<p class="brand">${host}</p>
<h1>${title}</h1>
${problem !== undefined && html`<p class="alert" role="alert" id="${problemId}">${problem}</p>`}
${content}
</main>
<footer>An emulator of Microsoft Entra ID, for tests. Do not type passwords that you use elsewhere.</footer>
${script !== undefined && { html: `<script>${script}</script>` }}
</body>
</html>
`;
}

function contentSecurityPolicy({ leadsTo, script }: Page): string {
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return [
    "default-src 'none'",
    `style-src ${hash(style)}`,
    ...(script === undefined ? [] : [`script-src ${hash(script)}`]),
    // browsers also hold redirects that answer a form to it
    `form-action 'self'${leadsTo === undefined ? "" : ` ${originOf(leadsTo)}`}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join("; ");
}

/** An application's own scheme (`msal…://auth`) has no origin; the scheme stands for it. */
function originOf(address: string): string {
  const { origin, protocol } = new URL(address);
  return origin === "null" ? protocol : origin;
}
