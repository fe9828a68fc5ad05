import assert from "node:assert/strict";
import { createIdentity } from "@azidentity/core";

export const scope = "https://storage.azure.com/.default";

/** An identity of these options with these variables, and none of the process's. */
export const identityWith = (options, env = {}, overrides = {}) =>
  createIdentity({ config: false, ...options }, { env, ...overrides });

/** Gets a token, closes the identity, and returns which principal the token is for. */
export async function principalOf(identity) {
  try {
    await identity.getToken(scope);
    return identity.explain.last.principal;
  } finally {
    await identity.close();
  }
}

/** Asserts that an identity has tokens of an application. */
export async function assertSignsIn(identity, { clientId }) {
  const principal = await principalOf(identity);
  assert.equal(principal.clientId, clientId);
}

/** Asserts that something fails with a code, which says what to do about it. */
export async function assertFails(promise, code) {
  const error = await promise.then(
    () => assert.fail(`It has not failed with ${code}.`),
    (thrown) => thrown,
  );
  if (error.code !== code) throw error;
  assert.ok(error.remedy ?? error.message);
}
