import { inspect } from "node:util";
import type { IdentityError } from "@azidentity/core/plugin";
import { type createIdentities, errorOf, type SignInSettings, scope } from "@azidentity/test-support";
import { expect } from "vitest";

/**
 * The error of a chain whose first source was meant to work and cannot. It has a code and a remedy,
 * shows no `canary`, and stops the chain, so that the program does not run as another principal.
 */
export async function stoppedBy(
  identities: ReturnType<typeof createIdentities>,
  source: string,
  options: object = {},
  { chain, ...settings }: SignInSettings = {},
): Promise<IdentityError> {
  let followers = 0;
  const follower = {
    async getToken() {
      followers++;
      return { token: "another principal's", expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  };
  const identity = identities.make({ ...settings, chain: { ...chain, chain: [{ source, options }, follower] } });
  const error = await errorOf(identity.getToken(scope));
  expect(followers).toBe(0);
  expect(error.code).toMatch(/^[a-z0-9-]+$/);
  expect(error.remedy).toMatch(/\w{3}/);
  expect(error.message).toContain(error.remedy);
  expect(inspect([error, identity.explain.last], { depth: 20, showHidden: true })).not.toContain("canary");
  return error;
}
