import {
  type Credential,
  isIdentityError,
  type NativeBrokerOptions,
  outcomeError,
  type SourceContext,
  services,
} from "@azidentity/core/plugin";
import { createOneQuestion } from "./one-question.ts";

/** Whether a person could mend it. */
const isAboutPerson = (error: unknown) =>
  isIdentityError(error) && (error.outcome === "interaction-required" || error.outcome === "not-signed-in");

/** A user who signs in with the broker of the operating system: without a word where that will do, else by its dialog. */
export async function createBrokerUser(
  options: Omit<NativeBrokerOptions, "signIn">,
  automatic: boolean,
  context: SourceContext,
): Promise<Credential> {
  const { who: sourceName } = options;
  const broker = await context.service(services.nativeBroker);
  if (broker === undefined) {
    throw outcomeError("not-installed", `${sourceName}: \`brokerOptions\` wants a broker, and no plugin brings one.`, {
      code: "no-broker",
      remedy: "Install @azidentity/plugin-broker, and name it in `plugins`.",
    });
  }
  if (!broker.available) throw outcomeError("not-installed", `${sourceName}: ${broker.reason}`, { code: "no-broker" });
  const user = broker.credential({ ...options, signIn: "Sign in once more, with authenticate(scopes)." });
  const question = createOneQuestion({
    sourceName,
    automatic,
    isAboutPerson,
    silent: (request) => user.getToken(request),
    ask: (request) => user.signIn(request),
  });
  return {
    account: user.account?.bind(user),
    authenticate: (request) => question.authenticate(request, () => user.authenticate(request)),
    getToken: question.getToken,
  };
}
