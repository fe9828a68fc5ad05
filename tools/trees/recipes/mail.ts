/** docs/recipes/mail.md, against a server with STARTTLS that checks each token. */
import { afterAll, beforeAll } from "vitest";
import { type ClientRecipe, testCertificate, testConnections, testRefusal } from "./client-suite.ts";
import { startSmtp } from "./smtp-server.ts";
import type { World } from "./world.ts";

const audience = "https://outlook.office365.com";
const mailbox = "orders@contoso.example";
const message = { from: mailbox, to: "ann@contoso.example", subject: "Order", text: "Yours." };

export function testMail(world: () => World): void {
  let server: Awaited<ReturnType<typeof startSmtp>>;
  beforeAll(async () => {
    const { emulator, verify } = world();
    const accepts = (user: string, token: string) =>
      user === mailbox && verify(token, audience) === emulator.application.clientId;
    server = await startSmtp(emulator.serverCertificate, accepts);
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  const recipe: ClientRecipe = {
    codeWithoutToken: "EAUTH",
    async createClient(identity, user = mailbox) {
      const { createMailer, scope } = await world().load("nodemailer");
      const { namePrincipal, refused } = await world().load("name-principal");
      const name = namePrincipal(identity, scope, refused.nodemailer);
      const mailer = createMailer(identity, user, { host: "localhost", port: server.port });
      return {
        async openAtOnce(count) {
          await Promise.all(Array.from({ length: count }, () => mailer.sendMail(message).catch(name)));
        },
        end: async () => mailer.close(),
      };
    },
  };
  testConnections(world, () => recipe);
  testRefusal(world, () => recipe);
  testCertificate(
    world,
    (certificate, accepts) => startSmtp(certificate, (_, token) => accepts(token)),
    async (identity, port) => {
      const mailer = (await world().load("nodemailer")).createMailer(identity, mailbox, { host: "localhost", port });
      await mailer.sendMail(message);
    },
  );
}
