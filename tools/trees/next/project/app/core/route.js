import { createIdentity } from "@azidentity/core";
import entra from "@azidentity/plugin-entra";
import managedIdentity from "@azidentity/plugin-managed-identity";

const identity = createIdentity({ plugins: [managedIdentity, entra] });

export const dynamic = "force-dynamic";

export async function GET() {
  await identity.getToken("https://storage.azure.com/.default");
  return Response.json(identity.explain.last.principal.clientId);
}
