import { createIdentity } from "@azidentity/core";
import { createFakeHttp, type FakeReply } from "@azidentity/core/testing";
import { expect, it } from "vitest";
import entra from "../src/index.ts";
import { scope } from "./sign-in.ts";
import { userAnswer } from "./user-answer.ts";

const options = { clientId: "app", authorizationCode: "canary-code", redirectUri: "http://localhost" };

function setUp(...replies: FakeReply[]) {
  const http = createFakeHttp(...replies);
  const identity = createIdentity({ config: false, plugins: [entra] }, { env: {}, http, random: () => 0 });
  const forms = () => http.requests.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
  return { http, forms, identity };
}

it("redeems a code once, then its refresh token", async () => {
  const { forms, identity } = setUp(userAnswer({ name: "ann" }));
  const credential = identity.credential("authorization-code", options);
  expect((await credential.getToken(scope)).token).toBe("token-of-ann");
  await credential.getToken("https://storage.azure.com/.default");
  expect(forms().map((form) => [form.grant_type, form.code ?? form.refresh_token])).toEqual([
    ["authorization_code", "canary-code"],
    ["refresh_token", "refresh-of-ann"],
  ]);
});
