import { definePlugin, defineOptions, defineSource, entraError } from "@azidentity/core/plugin";
const s = { type: "string", required: true } as const;
export default definePlugin({ name: "fake", sources: [
 defineSource({ name: "environment", kind: "deployed", tenants: "checked", detect: () => ({ state: "absent", reason: "AZURE_CLIENT_ID is not set." }), subject: () => "", create: () => { throw 1; } }),
 defineSource({ name: "client-secret", kind: "deployed", tenants: "checked",
  options: defineOptions({ tenantId: s, clientId: s, clientSecret: { ...s, secret: true } }),
  subject: (o) => o.clientId,
  create: (o, c) => ({ async getToken({ scopes, signal }) {
    const r = await c.http.send({ method: "POST", url: `${c.cloud.authorityHost}/${o.tenantId}/oauth2/v2.0/token`, headers: {"content-type":"application/x-www-form-urlencoded"}, body: new URLSearchParams({ grant_type: "client_credentials", client_id: o.clientId, client_secret: o.clientSecret, scope: scopes.join(" ") }).toString() }, signal);
    if (r.status !== 200) throw entraError("client-secret", r, 0);
    const b = JSON.parse(r.body);
    return { token: b.access_token, expiresOnTimestamp: Date.now() + b.expires_in * 1000, tokenType: "Bearer" };
  } }) }),
] });
