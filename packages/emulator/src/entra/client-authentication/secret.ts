import type { Application } from "../application.ts";
import { StsError } from "../sts-error.ts";

export function checkSecret({ clientId, credentials }: Application, sent: string, now: number): void {
  const secret = credentials.secrets.find(({ value }) => value === sent);
  if (secret === undefined) throw new StsError(7000215, { clientId });
  if (secret.expiresOn !== undefined && secret.expiresOn.getTime() <= now) throw new StsError(7000222, { clientId });
}
