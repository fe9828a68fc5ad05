/** A habit of code for which `@azure/identity` and the drop-in differ. */
export interface Habit {
  /** Stable, kebab-case. */
  readonly name: string;
  /** Finds it in a file; the part that is found begins at the line to show. */
  readonly pattern: RegExp;
  /** What the drop-in does differently, and what to do. */
  readonly difference: string;
  /** Section of docs/migrating.md. */
  readonly section: "switch" | "options" | "plugins" | "what-behaves-differently";
}

const credential = String.raw`\w*Credential`;
const known = ["cachePersistencePlugin", "nativeBrokerPlugin", "vsCodePlugin"].join("|");

/** A member of an object literal: a name and a colon, or a name alone, as in `{ httpClient }`. */
const option = (names: string) => new RegExp(String.raw`(?<![\w$.])(?:${names})\s*(?::(?!:)|(?=[,}]))`, "g");

/** The same for names that others use as well, among the arguments of a credential. */
const optionOfCredential = (names: string) =>
  new RegExp(String.raw`\bnew\s+${credential}\([^;]{0,600}?(?<![\w$.])(?:${names})\s*(?::(?!:)|(?=[,}]))`, "g");

/** Every habit that is looked for in files that mention `@azure/identity`. */
export const habits: readonly Habit[] = [
  {
    name: "deep-import",
    // dist/esm/index.js and dist/commonjs/index.js exist in both packages
    pattern: /@azure\/identity\/(?!package\.json\b|dist\/(?:esm|commonjs)\/index\.js\b)[\w./*-]+/g,
    difference: "This file does not exist in the drop-in. Import what you need from @azure/identity itself.",
    section: "what-behaves-differently",
  },
  {
    name: "changed-prototype",
    pattern: new RegExp(
      String.raw`\b${credential}\.prototype(?:\.(?!getToken\b|constructor\b)\w+|\[["'](?!getToken["'])\w+["']\])|(?:spyOn|mock\.method|stub)\(\s*${credential}\.prototype\s*,\s*["'](?!getToken["'])\w+["']`,
      "g",
    ),
    difference:
      "getToken is a method of the prototype that can be replaced; other members of @azure/identity's classes do not exist. Replace getToken.",
    section: "what-behaves-differently",
  },
  {
    name: "private-member",
    pattern: /(?:\??\.|\[\s*["'])(?:_?msalClient|_?msalFlow|identityClient|_sources|_pipeline|_identityClient)\b/g,
    difference: "Private members of @azure/identity's classes do not exist. Use its public methods.",
    section: "what-behaves-differently",
  },
  {
    name: "plugin-of-your-own",
    pattern: new RegExp(String.raw`\buseIdentityPlugin\(\s*(?!(?:${known})\b)[^)\s]`, "g"),
    difference:
      "A plugin that calls setPersistence works: each access to its cache makes one cache plugin. Other functions of the plugin interface have no effect.",
    section: "plugins",
  },
  {
    name: "broker-plugin",
    pattern: /\bnativeBrokerPlugin\b(?!.*\bfrom\b)/g,
    difference:
      "It is accepted without effect: brokerOptions work without it. Keep @azure/msal-node-extensions in your package.json.",
    section: "plugins",
  },
  {
    name: "persistent-cache",
    pattern: option("tokenCachePersistenceOptions"),
    difference:
      "Needs @azidentity/plugin-cache-persist, or the plugin of @azure/identity-cache-persistence. Users do not sign in again.",
    section: "options",
  },
  {
    name: "option-without-effect",
    pattern: option("redirectOptions|allowInsecureConnection|loginStyle"),
    difference: "This option has no effect.",
    section: "options",
  },
  {
    name: "redirect-uri",
    pattern: /\bnew\s+InteractiveBrowserCredential\([^;]{0,400}?\bredirectUri\b/g,
    difference:
      "redirectUri has no effect: the browser returns to a free port of http://localhost. Register http://localhost for the application.",
    section: "options",
  },
  {
    name: "tls-options",
    pattern: option("tlsOptions"),
    difference: "`ca` works; other fields are refused. Pass an httpClient for them.",
    section: "options",
  },
  {
    name: "agent",
    pattern: optionOfCredential("agent"),
    difference: "`agent` is refused. Pass an httpClient.",
    section: "options",
  },
  {
    name: "own-http-client",
    pattern: optionOfCredential("httpClient|additionalPolicies"),
    difference: "Works. Such a credential shares its tokens with no other, so make it once.",
    section: "options",
  },
  {
    name: "adfs",
    pattern: /\btenantId\s*[:=]\s*["'`]adfs["'`]|Credential\(\s*["'`]adfs["'`]/gi,
    difference: "AD FS is refused. Use a credential of @azure/identity in the chain.",
    section: "what-behaves-differently",
  },
  {
    name: "china",
    pattern: /\bAzureAuthorityHosts\.AzureChina\b/g,
    difference: "It is login.chinacloudapi.cn instead of login.partner.microsoftonline.cn, another name of one host.",
    section: "what-behaves-differently",
  },
];
