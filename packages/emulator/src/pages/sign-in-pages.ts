import { type Html, html } from "./html.ts";
import { type Page, problemId } from "./page.ts";

/** The common parts of the pages of a sign-in. */
export interface SignInFrame {
  readonly brand: string;
  /** Name of the application. */
  readonly application: string;
  /** Path to which the forms are submitted, and the id of the sign-in. */
  readonly action: string;
  readonly interaction: string;
  readonly problem: string | undefined;
  readonly redirectTarget: string | undefined;
}

export interface AccountLabel {
  readonly username: string;
  readonly displayName: string;
}

export function accountPage(frame: SignInFrame, accounts: readonly AccountLabel[], username: string): Page {
  const isPicker = accounts.length > 0;
  const content = isPicker
    ? html`<p>To continue to ${frame.application}</p>
${form(
  frame,
  "account",
  html`${accounts.map(
    (account) =>
      html`<button class="account" name="username" value="${account.username}">${account.displayName}<span>${account.username}</span></button>\n`,
  )}
<button class="account" name="answer" value="another">Use another account</button>
<p class="actions">${cancel}</p>`,
)}`
    : html`<p>To continue to ${frame.application}</p>
${form(
  frame,
  "account",
  html`${field(frame, {
    label: "Account name",
    attributes: html`name="username" type="email" autocomplete="username" value="${username}"`,
  })}
${actions("Next")}`,
)}`;
  return { ...base(frame), title: isPicker ? "Pick an account" : "Sign in", content };
}

export function createPage(frame: SignInFrame): Page {
  const content = html`<p>To continue to ${frame.application}</p>
${form(
  frame,
  "create",
  html`${field(frame, { label: "Account name", attributes: html`name="username" type="email" autocomplete="username"` })}
<label for="new-password">New password</label>
<input id="new-password" name="password" type="password" autocomplete="new-password" required>
${actions("Create")}
<button class="quiet" name="answer" value="another" formnovalidate>I have an account</button>`,
)}`;
  return { ...base(frame), title: "Create an account", content };
}

export function passwordPage(frame: SignInFrame, { username }: AccountLabel): Page {
  const content = form(
    frame,
    "password",
    html`<p>As <strong>${username}</strong>, to continue to ${frame.application}</p>
<input type="text" name="username" value="${username}" autocomplete="username" readonly hidden>
${field(frame, {
  label: "Password",
  attributes: html`name="password" type="password" autocomplete="current-password"`,
})}
${actions("Sign in")}
${other}`,
  );
  return { ...base(frame), title: "Enter your password", content };
}

export function secondFactorPage(frame: SignInFrame, { username }: AccountLabel): Page {
  const content = form(
    frame,
    "second-factor",
    html`<p>${frame.application} requires a second factor. Type the code of <strong>${username}</strong>.</p>
${field(frame, {
  label: "Code",
  attributes: html`name="code" type="text" autocomplete="one-time-code"`,
})}
${actions("Verify")}`,
  );
  return { ...base(frame), title: "Verify your identity", content };
}

/** Protects users who received a user code from an attacker. */
export function confirmPage(frame: SignInFrame, { username }: AccountLabel): Page {
  const content = form(
    frame,
    "confirm",
    html`<p>You are <strong>${username}</strong>, and ${frame.application} on another device will be signed in as you.</p>
<p>Go on only if you have started this yourself, and the code is from a device of your own.</p>
<p class="actions"><button class="primary" name="answer" value="accept">Continue</button> ${cancel}</p>`,
  );
  return { ...base(frame), title: `Are you trying to sign in to ${frame.application}?`, content };
}

export function consentPage(frame: SignInFrame, { username }: AccountLabel, permissions: readonly string[]): Page {
  const content = form(
    frame,
    "consent",
    html`<p>${frame.application} requests permission to do the following as <strong>${username}</strong>:</p>
<ul>${permissions.map((permission) => html`<li>${permission}</li>\n`)}</ul>
<p class="actions"><button class="primary" name="answer" value="accept">Accept</button> <button name="answer" value="decline">Decline</button></p>`,
  );
  return { ...base(frame), title: "Permissions requested", content };
}

/** The user has signed in, but may not continue. */
export function refusedPage(frame: SignInFrame, { username }: AccountLabel, error: string): Page {
  const content = form(
    frame,
    "refused",
    html`<p>You have signed in as <strong>${username}</strong>, but cannot continue to ${frame.application}.</p>
<p class="alert" role="alert">${error}</p>
<p class="actions"><button class="primary" name="answer" value="cancel">Go back to ${frame.application}</button></p>
${other}`,
  );
  return { ...base(frame), title: `You cannot sign in to ${frame.application}`, content };
}

const cancel = html`<button name="answer" value="cancel" formnovalidate>Cancel</button>`;
const other = html`<button class="quiet" name="answer" value="another" formnovalidate>Use another account</button>`;

function base({ brand, problem, redirectTarget }: SignInFrame): Pick<Page, "brand" | "problem" | "redirectTarget"> {
  return { brand, problem, redirectTarget };
}

function form({ action, interaction }: SignInFrame, step: string, content: Html): Html {
  return html`<form method="post" action="${action}">
<input type="hidden" name="interaction" value="${interaction}">
<input type="hidden" name="step" value="${step}">
${content}
</form>`;
}

/** The only field of a page, which has the focus. Enter activates the first button after it. */
function field(
  { problem }: SignInFrame,
  { label, attributes }: { readonly label: string; readonly attributes: Html },
): Html {
  return html`<label for="field">${label}</label>
<input id="field" ${attributes} required autofocus${problem !== undefined && html` aria-invalid="true" aria-describedby="${problemId}"`}>`;
}

function actions(submit: string): Html {
  return html`<p class="actions"><button class="primary">${submit}</button> ${cancel}</p>`;
}
