import { findProxiedService } from "../microsoft-hosts.ts";
import { type FetchedPage, fetchPage } from "./fetch-page.ts";
import { type ReadPage, readPage } from "./forms.ts";

/** A redirect of the browser to a client. */
export interface ClientAddress {
  readonly method: "GET" | "POST";
  /** The URL with its query and fragment. */
  readonly url: string;
  /** The response parameters in the query, the fragment or the form. */
  readonly parameters: Readonly<Record<string, string>>;
}

export type Visit = { readonly page: ReadPage } | { readonly client: ClientAddress };

/**
 * A browser without scripts: it supports cookies and forms, and requests only pages of the
 * emulator.
 */
export interface ScriptlessBrowser {
  open(url: string): Promise<Visit>;
  submit(page: ReadPage, fields: Readonly<Record<string, string>>): Promise<Visit>;
  /** Sends the request of a redirect. */
  follow(client: ClientAddress): Promise<FetchedPage>;
}

export function createScriptlessBrowser(authorityHost: string, ca: string): ScriptlessBrowser {
  const own = new URL(authorityHost);
  let cookie: string | undefined;
  let origin = own.origin;

  async function visit(url: URL, form?: URLSearchParams): Promise<Visit> {
    if (url.host !== own.host && findProxiedService(url.hostname) !== "entra") {
      throw new RangeError(`${url.origin} is not the emulator. Open a URL below ${own.origin}.`);
    }
    origin = url.origin;
    const answer = await fetchPage({
      url,
      ca,
      port: Number(own.port),
      ...(form && { form }),
      ...(cookie && { cookie }),
    });
    cookie = answer.cookie ?? cookie;
    if (answer.location !== undefined) return { client: readRedirect(answer.location) };
    const page = readPage(answer.body);
    const away = page.form !== undefined && !page.form.action.startsWith("/") ? page.form : undefined;
    return away === undefined ? { page } : { client: { method: "POST", url: away.action, parameters: away.fields } };
  }

  return {
    open: (url) => visit(new URL(url)),
    submit: ({ form }, fields) =>
      visit(new URL(form?.action ?? "/", origin), new URLSearchParams({ ...form?.fields, ...fields })),
    follow: ({ method, url, parameters }) =>
      fetchPage({ url: new URL(url), ca, ...(method === "POST" && { form: new URLSearchParams(parameters) }) }),
  };
}

function readRedirect(location: string): ClientAddress {
  const url = new URL(location);
  const parameters = new URLSearchParams(url.hash === "" ? url.search : url.hash.slice(1));
  return { method: "GET", url: location, parameters: Object.fromEntries(parameters) };
}
