import { type Html, html } from "./html.ts";
import type { Page } from "./page.ts";

/** An error that is not sent to the client. */
export function errorPage(
  brand: string,
  message: string,
  details: readonly (readonly [name: string, value: string])[],
): Page {
  const content = html`<p class="alert" role="alert">${message}</p>
<p>Close this window, and return to the program that opened it.</p>
<dl class="quiet">${details.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>`;
  return { brand, title: "Sorry, but we cannot sign you in", content };
}

export function signedOutPage(brand: string): Page {
  return { brand, title: "You have signed out", content: html`<p>You may close this window.</p>` };
}

/** The authorization response as a form (`response_mode=form_post`), which a script submits. */
export function formPostPage(
  brand: string,
  action: string,
  fields: readonly (readonly [name: string, value: string])[],
): Page {
  const inputs: readonly Html[] = fields.map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`,
  );
  const content = html`<p>You are returning to the program that opened this page.</p>
<form method="post" action="${action}">
${inputs}
<p class="actions"><button class="primary">Continue</button></p>
</form>`;
  return { brand, title: "One moment", content, redirectTarget: action, script: "document.forms[0].submit()" };
}
