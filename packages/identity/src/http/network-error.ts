/** Codes of Node.js, and of the Azure SDKs, for a server that was not reached. */
const networkCodes =
  /^(?:E(?:CONNREFUSED|CONNRESET|CONNABORTED|NETUNREACH|NETDOWN|HOSTUNREACH|HOSTDOWN|TIMEDOUT|PIPE|AI_AGAIN)|ENOTFOUND|REQUEST_SEND_ERROR)$/;

/**
 * The error of a client that the caller brought. One about the network becomes core's, so that it
 * is retried, and ends no chain, like those of core's own client.
 */
export async function fromClient(error: unknown): Promise<unknown> {
  const { code, message } = Object(error) as { readonly code?: unknown; readonly message?: unknown };
  if (typeof code !== "string" || !networkCodes.test(code)) return error;
  const { outcomeError } = await import("@azidentity/core/plugin");
  return outcomeError("unreachable", `The client of \`httpClient\` reached no server (${message}).`, {
    remedy: "Check the network, and the proxy of that client.",
    cause: error,
  });
}
