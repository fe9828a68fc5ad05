import { createHash } from "node:crypto";
import type { Reply } from "../http/message.ts";
import { type Html, html } from "./html.ts";
import { style } from "./style.ts";

/** The brand of pages without a tenant. */
export const defaultBrand = "Work or school account";

export interface Page {
  /** The text above the title: the name of a tenant, or {@link defaultBrand}. */
  readonly brand: string;
  readonly title: string;
  readonly content: Html;
  /** The error message of the submitted form. */
  readonly problem?: string | undefined;
  /** A URL of a client to which a form of the page may redirect. */
  readonly redirectTarget?: string | undefined;
  /** A script that runs after the page has loaded. The page also works without it. */
  readonly script?: string;
}

/**
 * The response with a page: it loads no resources, cannot be framed, and submits forms only to the
 * declared targets.
 */
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

/** Id of the error message, to which the field refers. */
export const problemId = "problem";

function document({ brand, title, content, problem, script }: Page): Html {
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
<p class="brand">${brand}</p>
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

function contentSecurityPolicy({ redirectTarget, script }: Page): string {
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return [
    "default-src 'none'",
    `style-src ${hash(style)}`,
    ...(script === undefined ? [] : [`script-src ${hash(script)}`]),
    // browsers apply it also to redirects after the submission of a form
    `form-action 'self'${redirectTarget === undefined ? "" : ` ${originOf(redirectTarget)}`}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join("; ");
}

/** A custom scheme (`msal…://auth`) has no origin; its source expression is the scheme. */
function originOf(address: string): string {
  const { origin, protocol } = new URL(address);
  return origin === "null" ? protocol : origin;
}
