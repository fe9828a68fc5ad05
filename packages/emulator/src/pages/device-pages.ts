import { html } from "./html.ts";
import { type Page, problemId } from "./page.ts";

/** The page for the user code of a device. */
export function deviceCodePage(brand: string, action: string, code = "", problem?: string): Page {
  const invalid = problem !== undefined && html` aria-invalid="true" aria-describedby="${problemId}"`;
  const content = html`<p>Type the code that your device or program shows, to sign in there.</p>
<form method="post" action="${action}">
<label for="field">Code</label>
<input id="field" name="user_code" type="text" value="${code}" autocomplete="off" autocapitalize="characters" spellcheck="false" required autofocus${invalid}>
<p class="actions"><button class="primary">Next</button></p>
</form>`;
  return { brand, title: "Enter the code", content, problem };
}

export function deviceDonePage(brand: string, application: string): Page {
  const content = html`<p>You have signed in to ${application} on your device. You may close this window.</p>`;
  return { brand, title: deviceDoneTitle, content };
}

export const deviceDoneTitle = "You are signed in";

export function deviceDeclinedPage(brand: string, application: string): Page {
  const content = html`<p>You were not signed in to ${application}. You may close this window.</p>`;
  return { brand, title: "You have cancelled the sign-in", content };
}
