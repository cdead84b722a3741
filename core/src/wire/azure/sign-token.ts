import { decodeBase64, encodeBase64 } from "../../bytes/base64.ts";
import { encodeUtf8 } from "../../bytes/utf8.ts";
import { type HmacHash, hmac, importAccessKey, isHmac } from "./hmac.ts";

/** HMAC with SHA-256 or SHA-512 (RFC 7518 section 3.2); the service takes no other. */
export type TokenAlgorithm = "HS256" | "HS512";

const HASHES: Readonly<Record<TokenAlgorithm, HmacHash>> = { HS256: "SHA-256", HS512: "SHA-512" };

/** How a token is signed. */
export interface TokenOptions {
  /** Default HS256. */
  readonly algorithm?: TokenAlgorithm;
  /** `kid`; only a temporary key of Microsoft Entra ID needs one. */
  readonly keyId?: string;
}

/**
 * A token for tests and tools: whoever has the access key of a service is the service. The claims are written in the
 * order that they have. Rejects with a DOMException for an empty key, with a TypeError for claims that are no JSON.
 */
export async function signAccessToken(
  claims: Readonly<Record<string, unknown>>,
  accessKey: string,
  { algorithm = "HS256", keyId }: TokenOptions = {},
): Promise<string> {
  const header = { alg: algorithm, typ: "JWT", ...(keyId !== undefined && { kid: keyId }) };
  const signed = `${jsonPart(header)}.${jsonPart(claims)}`;
  const key = await importAccessKey(accessKey, HASHES[algorithm]);
  return `${signed}.${base64Url(await hmac(key, signed))}`;
}

/** Whether this key signed the token. False for a token that cannot be read or has another algorithm. */
export async function isSignedWith(
  token: string,
  accessKey: string,
  algorithm: TokenAlgorithm = "HS256",
): Promise<boolean> {
  const end = token.lastIndexOf(".");
  const signature = end < 0 ? undefined : decodeBase64(token.slice(end + 1));
  if (signature === undefined || signature.length === 0) return false;
  return isHmac(await importAccessKey(accessKey, HASHES[algorithm]), signature, token.slice(0, end));
}

function jsonPart(value: object): string {
  return base64Url(encodeUtf8(JSON.stringify(value)));
}

function base64Url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
