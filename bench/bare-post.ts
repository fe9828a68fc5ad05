import { Agent, request } from "node:https";
import type { Entra } from "./emulator-process.ts";

/**
 * The floor for requests: a token with one bare POST over a kept-alive connection, without checks
 * and retries.
 */
export function createBarePost({ authorityHost, tenantId, application, caCertificate }: Entra) {
  const agent = new Agent({ keepAlive: true, ca: caCertificate });
  const url = new URL(`${authorityHost}/${tenantId}/oauth2/v2.0/token`);
  const post = (scope: string): Promise<{ token: string; expires: number }> =>
    new Promise((resolve, reject) => {
      const { clientId, clientSecret } = application;
      const form = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret, scope };
      const body = new URLSearchParams(form).toString();
      const headers = {
        "content-type": "application/x-www-form-urlencoded",
        "content-length": String(Buffer.byteLength(body)),
      };
      const outgoing = request(url, { method: "POST", agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const { access_token, expires_in } = JSON.parse(Buffer.concat(chunks).toString("utf8"));
          resolve({ token: access_token, expires: Date.now() + expires_in * 1000 });
        });
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  return { post, close: () => agent.destroy() };
}
