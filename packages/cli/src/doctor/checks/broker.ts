import { services } from "@azidentity/core/plugin";
import type { Finding } from "../../findings/finding.ts";
import type { DoctorContext } from "../doctor-context.ts";

/** Whether this machine may have an account broker, as the operating system's sign-in. */
export async function broker({ inspection }: DoctorContext): Promise<readonly Finding[]> {
  const found = await inspection.context.service(services.nativeBroker);
  if (found === undefined) return [{ state: "skipped", sentence: "No plugin with a broker is loaded." }];
  const { available, reason, remedy } = found;
  return [{ state: available ? "ok" : "skipped", sentence: reason, remedy }];
}
