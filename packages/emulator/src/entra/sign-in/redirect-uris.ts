import type { Application } from "../application.ts";

/** Whether an application has registered the address. Of a loopback address Entra compares everything but the port. */
export function isRegistered({ redirectUris }: Application, uri: string): boolean {
  return URL.canParse(uri) && redirectUris.some((known) => comparable(known) === comparable(uri));
}

const loopback = new Set(["localhost", "127.0.0.1"]);

function comparable(uri: string): string {
  const url = new URL(uri);
  if (url.protocol === "http:" && loopback.has(url.hostname)) url.port = "";
  return url.href;
}
