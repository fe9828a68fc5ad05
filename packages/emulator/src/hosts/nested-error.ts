import type { Reply } from "../http/message.ts";

/** The error body of Cloud Shell, Machine Learning and Service Fabric. */
export function nestedError(status: number, code: string, message: string, beside: object = {}): Reply {
  return { status, body: { error: { ...beside, code, message } } };
}
