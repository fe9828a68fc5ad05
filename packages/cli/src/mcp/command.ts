import { setTimeout as sleep } from "node:timers/promises";
import type { Identity } from "@azidentity/core";
import { inspectIdentity } from "@azidentity/core/inspect";
import type { CommandInput, RunCommand } from "../command-line/description.ts";
import { usageError } from "../errors/command-error.ts";
import type { Host } from "../host.ts";
import { identitySettingsOf, openIdentity } from "../project/open-identity.ts";
import { checkScope } from "../scope/check-scope.ts";
import { plainLine } from "../terminal/plain-text.ts";
import { write, writeLine } from "../terminal/write.ts";
import { authorized, type GetToken } from "./authorize.ts";
import { createConnection } from "./connection.ts";
import { readHeaders } from "./extra-headers.ts";
import { toLine } from "./message.ts";
import { createOwnTokens } from "./own-tokens.ts";
import { runProxy } from "./proxy.ts";
import { createSend, type Send } from "./send.ts";
import { isLocal, readServerUrl } from "./server-url.ts";

function requireUrl(text: string): URL {
  const url = readServerUrl(text);
  if (url instanceof URL) return url;
  throw usageError(url.problem, url.remedy);
}

const listOf = (value: CommandInput["options"][string]): readonly string[] => (Array.isArray(value) ? value : []);

/** Adds the headers of the command line. */
function withHeaders(send: Send, added: Readonly<Record<string, string>>): Send {
  return (request, signal) => send({ ...request, headers: { ...added, ...request.headers } }, signal);
}

/** Relays MCP between standard input and output and a remote server, to which it shows a token. */
export const run: RunCommand = async (input, host) => {
  const url = requireUrl(input.arguments[0] ?? "");
  const scopes = listOf(input.options.scope).map((scope) => checkScope(scope));
  const headers = readHeaders(listOf(input.options.header));
  const { tenantId, ...settings } = identitySettingsOf(input);
  const { identity, credential, close } = await openIdentity(host, settings);
  const tokens = createOwnTokens();
  const getToken: GetToken = async ({ claims }, signal) => {
    // the server may send a claims challenge, which tokens without CAE cannot answer
    const options = { claims, tenantId, enableCae: true, abortSignal: signal };
    return tokens.note((await credential.getToken([...scopes], options)).token);
  };
  const { send, close: closeConnections } = createSend(url, () => agentOptionsOf(identity, url));
  try {
    const parts = { url, send: authorized(withHeaders(send, headers), getToken), clean: tokens.removeFrom };
    await relay(host, parts);
  } finally {
    closeConnections();
    await close();
  }
  return undefined;
};

/** The proxy and the authorities of the identity, but no proxy to a server of this machine. */
async function agentOptionsOf(identity: Identity, url: URL): Promise<object> {
  const { agentOptions } = await inspectIdentity(identity);
  return { ...agentOptions(url), ...(isLocal(url) && { proxyEnv: {} }) };
}

interface RelayParts {
  readonly url: URL;
  readonly send: Send;
  /** Takes out of a message or a notice what its client must not get. */
  readonly clean: (text: string) => string;
}

async function relay(host: Host, { url, send, clean }: RelayParts): Promise<void> {
  const { input, output, errorOutput, signal } = host;
  const connection = createConnection({
    host: url.host,
    send,
    write: ({ text }) => write(output, toLine(clean(text))),
    notice: (text) => void writeLine(errorOutput, `azid mcp: ${plainLine(clean(text))}`),
    sleep: (ms, until) => sleep(ms, undefined, { signal: until }),
    signal,
  });
  if (input.isTTY) connection.notice("It waits for messages of an MCP client on standard input. Ctrl-C ends it.");
  const stopReading = () => void input.destroy();
  signal.addEventListener("abort", stopReading, { once: true });
  try {
    await runProxy(connection, input);
  } finally {
    signal.removeEventListener("abort", stopReading);
  }
}
