// One bare POST over TLS; exits with 1 when no token came of it.
const { request } = process.getBuiltinModule("node:https");
const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_AUTHORITY_HOST } = process.env;
const body = new URLSearchParams({
  grant_type: "client_credentials",
  client_id: AZURE_CLIENT_ID,
  client_secret: AZURE_CLIENT_SECRET,
  scope: "https://storage.azure.com/.default",
}).toString();
const headers = { "content-type": "application/x-www-form-urlencoded", "content-length": body.length };
const url = `${AZURE_AUTHORITY_HOST}/${AZURE_TENANT_ID}/oauth2/v2.0/token`;
request(url, { method: "POST", headers }, (response) => {
  let text = "";
  response.on("data", (chunk) => {
    text += chunk;
  });
  response.on("end", () => process.exit(JSON.parse(text).access_token === undefined ? 1 : 0));
}).end(body);
