/** What both servers have in common: a port, and who may come in. */
import { createServer } from "node:http";
import { createRemoteJWKSet, jwtVerify } from "jose";

const { AUTHORITY, TENANT, AUDIENCE, API, PORT = "0" } = process.env;
const keys = createRemoteJWKSet(new URL(`${AUTHORITY}/${TENANT}/discovery/v2.0/keys`));

/**
 * Signature, audience and tenant by the published keys; then whether the session was revoked, as an
 * API with CAE knows.
 */
async function challengeFor(authorization = "") {
  try {
    const token = authorization.replace(/^Bearer /, "");
    await jwtVerify(token, keys, { audience: AUDIENCE, issuer: `${AUTHORITY}/${TENANT}/v2.0` });
  } catch (error) {
    return `Bearer error="invalid_token", scope="api://of-the-server/.default", x="${error.code}"`;
  }
  const checked = await fetch(API, { headers: { authorization } });
  return checked.status === 200 ? undefined : checked.headers.get("www-authenticate");
}

/** Serves one endpoint, and prints its port and each challenge. */
export function listen(handle) {
  const server = createServer(async (request, response) => {
    const challenge = await challengeFor(request.headers.authorization);
    if (challenge === undefined) return handle(request, response);
    console.log(JSON.stringify({ challenge: challenge.includes("claims=") ? "claims" : "other" }));
    response.writeHead(401, { "www-authenticate": challenge }).end();
  });
  server.listen(Number(PORT), "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
}

/** The claims of a token, whose signature has been verified. */
export function claimsOf(authorization) {
  return JSON.parse(Buffer.from(authorization.split(".")[1], "base64url").toString("utf8"));
}
