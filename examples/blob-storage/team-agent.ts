import { definePlugin, defineSource, outcomeError } from "@azidentity/core/plugin";

/**
 * A fictional sign-in agent that a team runs on developers' machines. It does not run here, so the
 * chain goes on.
 */
const teamAgent = defineSource({
  name: "team-agent",
  kind: "developer",
  tenantPolicy: "fixed",
  subject: () => "the agent's user",
  create: (_, { http }) => ({
    async getToken({ scopes, signal }) {
      const url = `http://127.0.0.1:8421/token?scope=${encodeURIComponent(scopes.join(" "))}`;
      const { status, body } = await http.send({ method: "GET", url, proxy: "never" }, signal);
      if (status !== 200) {
        throw outcomeError("not-signed-in", "No user is signed in to the team agent.", { remedy: "Run: team login" });
      }
      const { token, expiresOn } = JSON.parse(body);
      return { token, expiresOnTimestamp: Date.parse(expiresOn), tokenType: "Bearer" };
    },
  }),
});

export default definePlugin({ name: "team-agent", sources: [teamAgent] });
