// One bare GET of App Service's endpoint; exits with 1 when no token came of it.
const { get } = process.getBuiltinModule("node:http");
const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = process.env;
const url = `${IDENTITY_ENDPOINT}?api-version=2019-08-01&resource=https%3A%2F%2Fstorage.azure.com`;
get(url, { headers: { "X-IDENTITY-HEADER": IDENTITY_HEADER } }, (response) => {
  let text = "";
  response.on("data", (chunk) => {
    text += chunk;
  });
  response.on("end", () => process.exit(JSON.parse(text).access_token === undefined ? 1 : 0));
});
