import { type Html, html } from "./html.ts";
import type { Page } from "./page.ts";

/** An error that the client cannot be told. */
export function errorPage(
  host: string,
  message: string,
  details: readonly (readonly [name: string, value: string])[],
): Page {
  const content = html`<p class="alert" role="alert">${message}</p>
<p>Close this window, and go back to the program that has sent you here.</p>
<dl class="quiet">${details.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>`;
  return { host, title: "Sorry, but we cannot sign you in", content };
}

export function signedOutPage(host: string): Page {
  return { host, title: "You have signed out", content: html`<p>You may close this window.</p>` };
}

/** The answer to a client as a form (`response_mode=form_post`), which sends itself where scripts may run. */
export function formPostPage(
  host: string,
  action: string,
  fields: readonly (readonly [name: string, value: string])[],
): Page {
  const inputs: readonly Html[] = fields.map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`,
  );
  const content = html`<p>You go back to the program that has sent you here.</p>
<form method="post" action="${action}">
${inputs}
<p class="actions"><button class="primary">Continue</button></p>
</form>`;
  return { host, title: "One moment", content, leadsTo: action, script: "document.forms[0].submit()" };
}
