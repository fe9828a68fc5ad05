import { randomUUID } from "node:crypto";
import type { Reply } from "../http/message.ts";

/** The error response of Azure DevOps, which GitHub's token service also returns. */
export function vssError(status: number, typeKey: string, message: string): Reply {
  return {
    status,
    headers: { "x-vss-e2eid": randomUUID() },
    body: {
      $id: "1",
      innerException: null,
      message,
      typeName: `Microsoft.VisualStudio.Services.Common.${typeKey}, Microsoft.VisualStudio.Services.Common`,
      typeKey,
      errorCode: 0,
      eventId: 3000,
    },
  };
}

/** The token of the header `Authorization: Bearer …`. */
export function bearerToken(headers: Readonly<Record<string, string>>): string | undefined {
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
}
