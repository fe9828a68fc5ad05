import { html } from "./html.ts";
import { type Page, problemId } from "./page.ts";

/** Where a person types the code that a device shows. */
export function deviceCodePage(host: string, action: string, code = "", problem?: string): Page {
  const invalid = problem !== undefined && html` aria-invalid="true" aria-describedby="${problemId}"`;
  const content = html`<p>Type the code that your device or program shows, to sign in there.</p>
<form method="post" action="${action}">
<label for="field">Code</label>
<input id="field" name="user_code" type="text" value="${code}" autocomplete="off" autocapitalize="characters" spellcheck="false" required autofocus${invalid}>
<p class="actions"><button class="primary">Next</button></p>
</form>`;
  return { host, title: "Enter the code", content, problem };
}

export function deviceDonePage(host: string, application: string): Page {
  const content = html`<p>You have signed in to ${application} on your device. You may close this window.</p>`;
  return { host, title: deviceDoneTitle, content };
}

export const deviceDoneTitle = "You are signed in";

export function deviceDeclinedPage(host: string, application: string): Page {
  const content = html`<p>Nobody was signed in to ${application}. You may close this window.</p>`;
  return { host, title: "You have cancelled the sign-in", content };
}
