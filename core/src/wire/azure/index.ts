/** Azure SignalR Service: connection strings, addresses, tokens, REST calls. */
export type { JsonObject } from "../json/fields.ts";
export {
  type AccessToken,
  type AccessTokenFault,
  type NoAccessToken,
  readAccessToken,
} from "./access-token.ts";
export { checkAccessToken, MAX_TOKEN_LENGTH, type TokenIssue, type TokenIssueCode } from "./check-token.ts";
export {
  type AzureConnectionString,
  type AzureCredential,
  type ConnectionStringFault,
  type ConnectionStringFaultCode,
  parseConnectionString,
} from "./connection-string.ts";
export {
  type AzureClassicUrl,
  type AzureClientUrl,
  type AzureOrigin,
  type AzureRestUrl,
  type AzureServiceUrl,
  type AzureUrlIssue,
  isAzureServiceUrl,
  parseServiceUrl,
} from "./parse-service-url.ts";
export {
  type RecognisedRest,
  type RestCall,
  type RestGeneration,
  type RestOptions,
  type RestRefusal,
  type RestRequest,
  type RestSegments,
  recogniseRest,
  restRequest,
} from "./rest-operations.ts";
export {
  REST_OPERATIONS,
  type RestForm,
  type RestMethod,
  type RestOperation,
  type RestOperationName,
  type RestOption,
  type RestSegment,
} from "./rest-table.ts";
export {
  type AppNegotiate,
  type AzureEndpoints,
  type AzureHub,
  audienceBase,
  classicAudience,
  classicRedirectUrl,
  clientAudience,
  clientUrl,
  hubOnWire,
  redirectUrl,
  serverUrl,
} from "./service-url.ts";
export { isSignedWith, signAccessToken, type TokenAlgorithm, type TokenOptions } from "./sign-token.ts";
export { isUpstreamSignature, upstreamSignature } from "./upstream-signature.ts";
