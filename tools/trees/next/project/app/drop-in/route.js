import { ClientSecretCredential, DefaultAzureCredential } from "@azure/identity";

const { ORDERS_TENANT = "", ORDERS_CLIENT = "" } = process.env;
const scope = "https://storage.azure.com/.default";
const credential = new DefaultAzureCredential();

export const dynamic = "force-dynamic";

export async function GET() {
  const { token } = await credential.getToken(scope);
  const { appid } = JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
  const wrong = new ClientSecretCredential(ORDERS_TENANT, ORDERS_CLIENT, "wrong").getToken(scope);
  return Response.json({ appid, wrong: await wrong.catch(({ name }) => name) });
}
