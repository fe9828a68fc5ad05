import { expect, it } from "vitest";
import { readEndpoint, withQuery } from "./endpoint.ts";

const read = (MSI_ENDPOINT: string) => readEndpoint("it", { MSI_ENDPOINT }, "MSI_ENDPOINT");

it.each([
  "http://127.0.0.1:41741/msi/token",
  "http://localhost:50342/oauth2/token",
  "http://169.254.129.2:8081/msi/token/",
  "http://10.0.0.4/msi",
  "http://172.31.0.1/msi",
  "http://192.168.7.7/msi",
  "http://[::1]:80/msi",
  "http://[fd00::1]/msi",
  "http://imds:8080/",
  "http://imds.default.svc/",
  "https://tokens.contoso.com/",
])("readEndpoint accepts %s", (text) => {
  expect(read(text).href).toContain(new URL(text).host);
});

it.each([
  "",
  "   ",
  "localhost:41741",
  "127.0.0.1/msi",
  "file:///etc/passwd",
  "javascript:alert(1)",
  "http://tokens.contoso.com/",
  "http://127.0.0.1.contoso.com/",
  "http://10.contoso.com/",
  "http://8.8.8.8/",
  "http://172.32.0.1/",
  "http://user:pass@localhost/",
  "http://localhost/#fragment",
  "http:\\\\localhost\\msi",
  "http://",
])("readEndpoint refuses %j without showing it", (text) => {
  const attempt = () => read(text);
  expect(attempt).toThrow(expect.objectContaining({ outcome: "misconfigured", code: "malformed-endpoint" }));
  if (text.trim() !== "")
    expect(attempt).not.toThrow(expect.objectContaining({ message: expect.stringContaining(text) }));
});

it("withQuery encodes parameters and adds them to those of the endpoint", () => {
  const url = withQuery(new URL("http://localhost/msi?a=1"), {
    resource: "https://x/",
    client_id: undefined,
    id: "a&b#c",
  });
  expect(url).toBe("http://localhost/msi?a=1&resource=https%3A%2F%2Fx%2F&id=a%26b%23c");
});
