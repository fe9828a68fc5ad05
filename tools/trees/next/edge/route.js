import { createIdentity } from "@azidentity/core";
import entra from "@azidentity/plugin-entra";
import { DefaultAzureCredential } from "@azure/identity";

export const runtime = "edge";

const scope = "https://storage.azure.com/.default";
const failure = (work) => work().then(String, ({ code, message }) => `${code}: ${message}`);

export async function GET() {
  const core = await failure(async () => createIdentity({ plugins: [entra] }).getToken(scope));
  const dropIn = await failure(async () => new DefaultAzureCredential().getToken(scope));
  return Response.json({ core, dropIn });
}
