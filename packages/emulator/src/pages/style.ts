/**
 * The colours of all pages, in light and dark mode. Each pair of text and ground has a contrast of
 * 4.5 or more.
 */
export const colours = `
:root {
  color-scheme: light dark;
  --page: light-dark(#eef1f5, #12161c);
  --card: light-dark(#ffffff, #1c222b);
  --text: light-dark(#1b2330, #e8edf4);
  --quiet: light-dark(#55606f, #a4b0c0);
  --line: light-dark(#7b8796, #6b7787);
  --accent: light-dark(#1f5fbf, #8ab8ff);
  --on-accent: light-dark(#ffffff, #0d1b30);
  --alert: light-dark(#a4262c, #ff9a9e);
  --alert-ground: light-dark(#fdf1f1, #3a2024);
}
`;

/** The style of the sign-in pages. */
export const style = `${colours}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; padding: 1.5rem 1rem;
  display: grid; grid-template-columns: minmax(0, 27rem); place-content: center; gap: 1rem;
  background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif;
}
main { background: var(--card); padding: 2rem; border-radius: 0.75rem; box-shadow: 0 0.25rem 1.5rem rgb(0 0 0 / 0.12); overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 0.5rem; }
p, ul, dl { margin: 0 0 1rem; }
ul { padding-left: 1.25rem; }
.brand, footer, .quiet { color: var(--quiet); font-size: 0.875rem; }
.brand { margin-bottom: 1.25rem; }
footer { text-align: center; }
.alert { color: var(--alert); background: var(--alert-ground); border-left: 0.25rem solid; padding: 0.625rem 0.75rem; border-radius: 0.25rem; }
label { display: block; font-weight: 600; margin-bottom: 0.25rem; }
input { width: 100%; padding: 0.625rem 0.75rem; margin-bottom: 1.25rem; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 0.375rem; }
input[name="code"], input[name="user_code"] { letter-spacing: 0.15em; }
button { font: inherit; font-weight: 600; padding: 0.625rem 1.25rem; border-radius: 0.375rem; border: 1px solid var(--line); background: transparent; color: inherit; cursor: pointer; }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button.account { display: block; width: 100%; text-align: left; margin-bottom: 0.5rem; }
button.account span { display: block; font-weight: 400; color: var(--quiet); font-size: 0.875rem; }
button.quiet { border: 0; padding: 0; background: none; font-weight: 400; text-decoration: underline; margin-top: 1rem; }
.actions { display: flex; flex-wrap: wrap; gap: 0.75rem; margin: 0; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
dt { color: var(--quiet); font-size: 0.875rem; }
dd { margin: 0 0 0.5rem; }
`;
