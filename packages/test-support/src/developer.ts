import { type CredentialSource, defineSource } from "@azidentity/core/plugin";

export const developersToken = "token-of-the-developer";

/** A developer's tool that always has a token, and counts how often it is asked. */
export function createDeveloper(token: string = developersToken) {
  let asked = 0;
  const source: CredentialSource<"azure-cli"> = defineSource({
    name: "azure-cli",
    kind: "developer",
    priority: 200,
    tenantPolicy: "any",
    subject: () => "developer",
    create: (_, { clock }) => ({
      async getToken() {
        asked++;
        return { token, expiresOnTimestamp: clock.now() + 3_600_000, tokenType: "Bearer" };
      },
    }),
  });
  return { source, asked: (): number => asked };
}
