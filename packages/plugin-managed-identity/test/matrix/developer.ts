import { type Clock, defineSource } from "@azidentity/core/plugin";

export const developersToken = "token-of-the-developer";

/** A developer's tool that always has a token, and counts how often it is asked. */
export function createDeveloper(clock: Pick<Clock, "now">) {
  let asked = 0;
  const source = defineSource({
    name: "azure-cli",
    kind: "developer",
    priority: 200,
    tenantPolicy: "any",
    subject: () => "developer",
    create: () => ({
      async getToken() {
        asked++;
        return { token: developersToken, expiresOnTimestamp: clock.now() + 3_600_000, tokenType: "Bearer" };
      },
    }),
  });
  return { source, asked: () => asked };
}
