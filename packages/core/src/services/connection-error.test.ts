import { expect, it } from "vitest";
import { connectionError } from "./connection-error.ts";

const url = new URL("https://login.microsoftonline.com/c4n4ry");
const failure = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more });

it.each([
  ["CERT_NOT_YET_VALID", "is not yet valid (CERT_NOT_YET_VALID). This machine's clock says 20"],
  ["CERT_HAS_EXPIRED", "has expired (CERT_HAS_EXPIRED). This machine's clock says 20"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT). Add the certificate authority"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "Add the certificate authority"],
])("a certificate that is refused with %s has a remedy of its own", (code, message) => {
  const error = connectionError(url, failure(code), undefined);
  expect(error).toMatchObject({ code: "untrusted-certificate", outcome: "misconfigured" });
  expect(error.message).toContain(message);
});

it("a certificate for other names is shown with at most four of them, and no other text of it", () => {
  const subjectaltname = 'DNS:a.example, DNS:*.b.example, URI:"http://c4n4ry", IP Address:10.0.0.1, DNS:c, DNS:d';
  const { message } = connectionError(
    url,
    failure("ERR_TLS_CERT_ALTNAME_INVALID", { cert: { subjectaltname } }),
    undefined,
  );
  expect(message).toContain("is for another name (a.example, *.b.example, 10.0.0.1, c) ");
  expect(message).not.toContain("c4n4ry");
});

it.each([
  ["HPE_INVALID_CONSTANT", "The response of login.microsoftonline.com is not HTTP (HPE_INVALID_CONSTANT)."],
  ["HPE_HEADER_OVERFLOW", "The headers of login.microsoftonline.com are too long (HPE_HEADER_OVERFLOW)."],
  ["EPROTO", "There is no TLS connection to login.microsoftonline.com (EPROTO)."],
  ["ECONNRESET", "No answer from login.microsoftonline.com (ECONNRESET)."],
])("a failure with %s is described as what it is", (code, message) => {
  const error = connectionError(url, failure(code), undefined);
  expect(error).toMatchObject({ outcome: "unreachable", code: "unreachable" });
  expect(error.message).toContain(message);
});

it("a proxy whose answer is not HTTP has no status in the message", () => {
  const proxy = { url: "http://proxy:8080", host: "proxy:8080", namedBy: "HTTPS_PROXY", hasPassword: false };
  const { message } = connectionError(url, failure("ERR_PROXY_TUNNEL", { statusCode: Number.NaN }), proxy);
  expect(message).toContain("The proxy proxy:8080, which HTTPS_PROXY names, does not answer (ERR_PROXY_TUNNEL).");
});
