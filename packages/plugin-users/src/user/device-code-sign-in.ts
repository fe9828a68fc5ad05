import { isIdentityError, outcomeError, quote, redact, type SourceContext } from "@azidentity/core/plugin";
import { acquireByDeviceCode } from "../msal/user-grants.ts";
import { createDeviceHttp, type DeviceCodeInfo } from "./device-http.ts";
import type { SignIn, UserApplication } from "./sign-in.ts";

/** Shows a device code to the user. What it returns is awaited, while the sign-in goes on. */
export type UserPromptCallback = (info: DeviceCodeInfo) => unknown;

const writeToStderr: UserPromptCallback = ({ message }) => void process.stderr.write(`${message}\n`);

/** Signs in by a code that the user types on another device. `showCode` shows it. */
export function signInByDeviceCode(
  application: UserApplication,
  showCode: UserPromptCallback = writeToStderr,
  context: SourceContext,
): SignIn {
  const { sourceName } = application;
  return async (request) => {
    const failedPrompt = Promise.withResolvers<never>();
    failedPrompt.promise.catch(() => undefined);
    const show = async (info: DeviceCodeInfo) => {
      try {
        await showCode(info);
      } catch (error) {
        failedPrompt.reject(promptFailed(sourceName, error));
      }
    };
    const ended = new AbortController();
    const signal = AbortSignal.any([request.signal, ended.signal]);
    try {
      const { clock, retry } = context;
      const http = createDeviceHttp({ sourceName, http: context.http, clock, retry, show });
      const signedIn = acquireByDeviceCode(application, { ...request, signal }, { ...context, http });
      return await Promise.race([signedIn, failedPrompt.promise]);
    } finally {
      ended.abort();
    }
  };
}

function promptFailed(sourceName: string, error: unknown) {
  if (isIdentityError(error)) return error;
  const text = error instanceof Error ? quote(redact(error.message)) : "a value that is not an Error";
  return outcomeError("failed", `${sourceName}: \`userPromptCallback\` threw: ${text}.`, {
    code: "prompt-callback-failed",
    remedy: "Fix the function passed as `userPromptCallback`: it shows the message, and returns.",
    cause: error,
  });
}
