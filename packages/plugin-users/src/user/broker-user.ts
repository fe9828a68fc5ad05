import {
  type Credential,
  isIdentityError,
  type NativeBrokerOptions,
  outcomeError,
  type SourceContext,
  services,
} from "@azidentity/core/plugin";
import { createSinglePrompt } from "./single-prompt.ts";

/** Whether a prompt could resolve this failure. */
const needsUser = (error: unknown) =>
  isIdentityError(error) && (error.outcome === "interaction-required" || error.outcome === "not-signed-in");

/**
 * A user who signs in with the broker of the operating system: silently if possible, otherwise with
 * its dialog.
 */
export async function createBrokerUser(
  options: Omit<NativeBrokerOptions, "signInRemedy">,
  automatic: boolean,
  context: SourceContext,
): Promise<Credential> {
  const { label: sourceName } = options;
  const broker = await context.service(services.nativeBroker);
  if (broker === undefined) {
    throw outcomeError(
      "not-installed",
      `${sourceName}: \`brokerOptions\` requires a broker, and no plugin provides one.`,
      {
        code: "no-broker",
        remedy:
          'Install it: npm install @azidentity/plugin-broker. If the config has `plugins`, add "@azidentity/plugin-broker" there.',
      },
    );
  }
  const { available, reason, remedy } = broker;
  if (!available) throw outcomeError("not-installed", `${sourceName}: ${reason}`, { code: "no-broker", remedy });
  const user = broker.credential({ ...options, signInRemedy: "Sign in again, with authenticate(scopes)." });
  const prompt = createSinglePrompt({
    sourceName,
    automatic,
    needsUser,
    silent: (request) => user.getToken(request),
    prompt: (request) => user.signIn(request),
  });
  return {
    account: user.account?.bind(user),
    authenticate: (request) => prompt.authenticate(request, () => user.authenticate(request)),
    getToken: prompt.getToken,
  };
}
