/**
 * Takes the place of a company's sign-in tool. The token has no signature, so no service accepts
 * it.
 */
const encode = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");

const expiresOn = new Date(Date.now() + 3_600_000);
const claims = {
  aud: process.argv[2],
  tid: "2e4c0f2b-6bd6-4d8a-93d8-0d0ba2b1a501",
  oid: "7a0b86a4-9c39-4a1d-8f5e-1c2d3e4f5a6b",
  upn: "alex@contoso.example",
  exp: expiresOn.getTime() / 1000,
};
const accessToken = [encode({ typ: "JWT", alg: "none" }), encode(claims), ""].join(".");

console.log(JSON.stringify({ accessToken, expiresOn }));
