import type { ClientAuthentication } from "@azidentity/core/entra";

export const secretAuthentication =
  (secret: string): ClientAuthentication =>
  async () => ({ secret });
