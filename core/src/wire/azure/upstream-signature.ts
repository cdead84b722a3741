/**
 * `X-ASRS-Signature`, with which the service proves to an upstream who calls.
 * Microsoft Learn, "Upstream endpoints", Signature.
 *
 * @module
 */
import { hmac, importAccessKey, isHmac } from "./hmac.ts";

/** `sha256=` and the hexadecimal HMAC of the connection ID. Rejects where WebCrypto does. */
export async function upstreamSignature(accessKey: string, connectionId: string): Promise<string> {
  const signature = await hmac(await importAccessKey(accessKey, "SHA-256"), connectionId);
  return `sha256=${[...signature].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * Whether one of the signatures in the header is of this key: the service signs with its primary and its secondary
 * key, and has no letter case. False for a header of another form.
 */
export async function isUpstreamSignature(
  header: string,
  accessKey: string,
  connectionId: string,
): Promise<boolean> {
  const key = await importAccessKey(accessKey, "SHA-256");
  for (const item of header.split(",")) {
    const [, digits] = /^\s*sha256=([0-9a-f]{64})\s*$/i.exec(item) ?? [];
    if (digits === undefined) continue;
    const signature = Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    if (await isHmac(key, signature, connectionId)) return true;
  }
  return false;
}
