import type { CommandInput } from "../command-line/description.ts";
import { usageError } from "../errors/command-error.ts";
import { describeError } from "../errors/describe-error.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import { identitySettingsOf, openIdentity } from "../project/open-identity.ts";
import { checkScope } from "../scope/check-scope.ts";
import { write } from "../terminal/write.ts";
import { deliveries, type Format } from "./deliveries.ts";
import type { Delivery, Settled, TokenAsk } from "./delivery.ts";

/**
 * What is requested: as the command line says, else as the program that asks does, else what is
 * usual.
 */
function askOf({ options }: CommandInput, { ask = {} }: Delivery): TokenAsk {
  const given = Array.isArray(options.scope) ? options.scope.map((scope: string) => checkScope(scope)) : [];
  const scopes = given.length > 0 ? given : (ask.scopes ?? []);
  if (scopes.length === 0)
    throw usageError("No scope was requested.", "Add --scope, such as: --scope https://storage.azure.com/.default");
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  const { correlationId } = ask;
  return {
    scopes,
    tenantId: text(options.tenant) ?? ask.tenantId,
    claims: text(options.claims) ?? ask.claims,
    correlationId,
  };
}

const isSettled = (each: Delivery | Settled): each is Settled => "settled" in each;

/** Requests a token, and prints it as the program that wants it reads it. */
async function deliver(input: CommandInput, host: Host, delivery: Delivery): Promise<void> {
  const settings = identitySettingsOf(input);
  const { scopes, ...options } = askOf(input, delivery);
  const { identity, credential, close } = await openIdentity(host, settings);
  try {
    const token = await credential.getToken([...scopes], { ...options, abortSignal: host.signal });
    await write(host.output, await delivery.print(token, identity));
  } finally {
    await close();
  }
}

/** `azid token`. */
export async function run(input: CommandInput, host: Host): Promise<ExitCode | undefined> {
  const format = input.options.as as Format;
  if (input.arguments.length > 0 && format !== "git" && format !== "docker")
    throw usageError(`--as ${format} takes no action.`, "get, store, erase and list are for --as git and --as docker.");
  const delivery: Delivery | Settled = await deliveries[format](input, host);
  if (isSettled(delivery)) {
    await write(host.output, delivery.settled.text ?? "");
    return delivery.settled.code;
  }
  try {
    await deliver(input, host, delivery);
    return undefined;
  } catch (error) {
    if (delivery.printError === undefined || host.signal.aborted) throw error;
    await write(host.output, delivery.printError(error));
    return describeError(error).exitCode;
  }
}
