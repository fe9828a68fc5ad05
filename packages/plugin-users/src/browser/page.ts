/** A page shown in the browser at the end of a sign-in. Text only: all of it is escaped. */
export interface Page {
  readonly tone: "done" | "failed";
  readonly heading: string;
  /** What happened, and what to do next. */
  readonly paragraphs: readonly string[];
}

const style = `
:root { color-scheme: light dark; --paper: #f3f4f6; --card: #fff; --ink: #1b1f24; --soft: #4b5563; --line: #d6dae0; --done: #0f6b3a; --failed: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14171b; --card: #1d2127; --ink: #eef1f4; --soft: #b4bcc6; --line: #363c45; --done: #5fd08f; --failed: #ff9d94; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { width: 100%; max-width: 32rem; padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem; overflow-wrap: break-word; }
svg { display: block; width: 2.75rem; height: 2.75rem; margin-bottom: 1rem; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.done svg { color: var(--done); }
.failed svg { color: var(--failed); }
h1 { margin: 0 0 0.75rem; font-size: 1.5rem; line-height: 1.25; font-weight: 600; }
p { margin: 0 0 0.75rem; }
footer { margin-top: 1.5rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: 0.875rem; }
`;
const icons: Readonly<Record<Page["tone"], string>> = {
  done: '<circle cx="12" cy="12" r="10"/><path d="m7.5 12.5 3 3 6-6.5"/>',
  failed: '<circle cx="12" cy="12" r="10"/><path d="M12 7v6M12 16.5v.01"/>',
};

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Escapes text for HTML; control characters become spaces. */
export function escapeHtml(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]+/gu, " ").replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

export function renderPage({ tone, heading, paragraphs }: Page): string {
  const title = escapeHtml(heading);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main class="${tone}">
<svg viewBox="0 0 24 24" aria-hidden="true">${icons[tone]}</svg>
<h1>${title}</h1>
${paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`).join("\n")}
<footer>This page comes from the program on this computer that asked you to sign in. It never asks for a password.</footer>
</main>
</body>
</html>
`;
}

/** No scripts, no external resources, no framing, no caching. */
export function pageHeaders(): Readonly<Record<string, string>> {
  const { createHash } = process.getBuiltinModule("node:crypto");
  const styleHash = createHash("sha256").update(style).digest("base64");
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
    connection: "close",
  };
}
