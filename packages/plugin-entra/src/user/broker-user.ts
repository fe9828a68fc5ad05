import {
  type Credential,
  isIdentityError,
  type NativeBrokerOptions,
  outcomeError,
  type SourceContext,
  services,
} from "@azidentity/core/plugin";
import { createQueue } from "./queue.ts";
import { signInRequired } from "./sign-in-required.ts";

/** Whether a person could mend it. */
const asksPerson = (error: unknown) =>
  isIdentityError(error) && (error.outcome === "interaction-required" || error.outcome === "not-signed-in");

/** A user who signs in with the broker of the operating system: without a word where that will do, else by its dialog. */
export async function createBrokerUser(
  options: Omit<NativeBrokerOptions, "signIn">,
  automatic: boolean,
  context: SourceContext,
): Promise<Credential> {
  const { who } = options;
  const broker = await context.service(services.nativeBroker);
  if (broker === undefined) {
    throw outcomeError("not-installed", `${who}: \`brokerOptions\` wants a broker, and no plugin brings one.`, {
      code: "no-broker",
      remedy: "Install @azidentity/plugin-broker, and name it in `plugins`.",
    });
  }
  if (!broker.available) throw outcomeError("not-installed", `${who}: ${broker.reason}`, { code: "no-broker" });
  const user = broker.credential({ ...options, signIn: "Sign in once more, with authenticate(scopes)." });
  const queue = createQueue();
  let signIns = 0;
  return {
    account: user.account?.bind(user),
    authenticate: (request) =>
      queue(request.signal, async () => {
        const record = await user.authenticate(request);
        signIns++;
        return record;
      }),
    async getToken(request) {
      const before = signIns;
      try {
        return await user.getToken(request);
      } catch (error) {
        if (!asksPerson(error)) throw error;
        if (request.background || !automatic) throw signInRequired(who, request, error);
      }
      return queue(request.signal, async () => {
        if (signIns !== before) {
          // somebody signed in while this one waited, so there may be nothing left to ask
          const silent = await user.getToken(request).catch((error) => {
            if (!asksPerson(error)) throw error;
          });
          if (silent !== undefined) return silent;
        }
        const issued = await user.signIn(request);
        signIns++;
        return issued;
      });
    },
  };
}
