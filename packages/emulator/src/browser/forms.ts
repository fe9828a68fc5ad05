import { unescapeHtml } from "../pages/html.ts";

/** A form on a page of the emulator. */
export interface Form {
  readonly action: string;
  /** The initial values of its fields, by name. */
  readonly fields: Readonly<Record<string, string>>;
}

/** The parts of a page of the emulator that a user sees. No other HTML is supported. */
export interface ReadPage {
  readonly title: string;
  readonly alert: string | undefined;
  readonly form: Form | undefined;
}

export function readPage(text: string): ReadPage {
  const [, title = ""] = /<h1>([^<]*)<\/h1>/.exec(text) ?? [];
  const [, alert] = /role="alert"[^>]*>([^<]*)</.exec(text) ?? [];
  return { title: unescapeHtml(title), alert: alert && unescapeHtml(alert), form: readForm(text) };
}

function readForm(text: string): Form | undefined {
  const [, action, content = ""] = /<form method="post" action="([^"]*)">([\s\S]*?)<\/form>/.exec(text) ?? [];
  if (action === undefined) return undefined;
  const fields = [...content.matchAll(/<input([^>]*)>/g)].map(([, tag = ""]) => readAttributes(tag));
  return {
    action: unescapeHtml(action),
    fields: Object.fromEntries(fields.map(({ name = "", value = "" }) => [name, value])),
  };
}

function readAttributes(tag: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...tag.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value = ""]) => [name, unescapeHtml(value)]),
  );
}
