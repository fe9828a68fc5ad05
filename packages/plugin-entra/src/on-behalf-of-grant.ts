/**
 * What acting on behalf of users needs of core/entra besides `token-client.ts`, for the same
 * reason.
 */
export { onBehalfOf } from "@azidentity/core/entra";
