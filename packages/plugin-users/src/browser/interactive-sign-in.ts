import { isIdentityError, type SourceContext } from "@azidentity/core/plugin";
import type { ResponseMode } from "../msal/authorization-code.ts";
import { type PageOptions, signInByCode } from "../user/code-sign-in.ts";
import { signInByDeviceCode, type UserPromptCallback } from "../user/device-code-sign-in.ts";
import type { SignIn, UserApplication } from "../user/sign-in.ts";
import { browserOpener, lacksBrowser, type OpenBrowserCallback } from "./open-browser.ts";
import type { PageTexts } from "./pages.ts";
import { parseRedirectUri } from "./redirect-uri.ts";
import { signInByBrowser } from "./sign-in-by-browser.ts";

export interface InteractiveOptions extends PageOptions {
  readonly redirectUri?: string | undefined;
  readonly responseMode?: ResponseMode | undefined;
  readonly browserCustomizationOptions?: PageTexts | undefined;
  readonly openBrowser?: OpenBrowserCallback | undefined;
  readonly fallback?: "device-code" | undefined;
  readonly userPromptCallback?: UserPromptCallback | undefined;
}

/**
 * Signs in with the browser of this machine; if there is none and `fallback` is set, by a device
 * code.
 */
export function signInInteractively(
  application: UserApplication,
  options: InteractiveOptions,
  context: SourceContext,
): SignIn {
  const byBrowser = signInOnThisMachine(application, options, context);
  if (options.fallback === undefined) return byBrowser;
  const byDeviceCode = signInByDeviceCode(application, options.userPromptCallback, context);
  return async (request, check) => {
    try {
      return await byBrowser(request, check);
    } catch (error) {
      if (!isIdentityError(error) || !lacksBrowser(error)) throw error;
      context.log.info(error.message);
      return byDeviceCode(request, check);
    }
  };
}

function signInOnThisMachine(
  application: UserApplication,
  options: InteractiveOptions,
  context: SourceContext,
): SignIn {
  const { sourceName } = application;
  const { redirectUri = "http://localhost", responseMode = "form_post" } = options;
  const page = {
    sourceName,
    redirectUri: parseRedirectUri(sourceName, redirectUri),
    responseMode,
    texts: options.browserCustomizationOptions ?? {},
  };
  const open = () => browserOpener(sourceName, options.openBrowser, context);
  return signInByCode(
    application,
    options,
    async (signInPage, signal) => signInByBrowser({ ...page, open: open() }, signInPage, signal),
    context,
  );
}
