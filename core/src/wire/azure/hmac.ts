import { encodeUtf8 } from "../../bytes/utf8.ts";

export type HmacHash = "SHA-256" | "SHA-512";

/**
 * Access keys look like base64 and are not: their UTF-8 bytes are the key (AccessKey.cs). Rejects with the platform's
 * DOMException for an empty key, and with a TypeError in pages that are no secure context.
 */
export async function importAccessKey(accessKey: string, hash: HmacHash): Promise<CryptoKey> {
  const bytes = encodeUtf8(accessKey);
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash }, false, ["sign", "verify"]);
}

export async function hmac(key: CryptoKey, text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, encodeUtf8(text)));
}

/** Compares without telling by its time where the two differ. */
export async function isHmac(
  key: CryptoKey,
  signature: Uint8Array<ArrayBuffer>,
  text: string,
): Promise<boolean> {
  return crypto.subtle.verify("HMAC", key, signature, encodeUtf8(text));
}
