/**
 * Client id of the Azure CLI's application, which exists in every tenant. The Azure SDKs sign users
 * in to it, too, where no application is configured.
 */
export const developerClientId = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
