/**
 * Access tokens: JSON web tokens (RFC 7519) with the claims of Azure SignalR Service. Reading works for those of any
 * issuer. What is read carries neither the token nor its signature.
 *
 * @module
 */
import { decodeBase64 } from "../../bytes/base64.ts";
import { decodeUtf8 } from "../../bytes/utf8.ts";
import type { WireValue } from "../hub-message.ts";
import { isJsonObject, type JsonObject } from "../json/fields.ts";
import { readJson } from "../json/read-text.ts";

/** What a token says. Whether its signature is right, only {@link isSignedWith} tells. */
export interface AccessToken {
  readonly kind: "token";
  readonly header: JsonObject;
  readonly claims: JsonObject;
  /** `HS256`; "" where the header names none. */
  readonly algorithm: string;
  /** Characters of the whole token. The service's SDK refuses more than 4096. */
  readonly length: number;
  readonly audiences: readonly string[];
  /** Milliseconds since the epoch. */
  readonly issuedAt?: number;
  readonly notBefore?: number;
  readonly expiresAt?: number;
  /** `asrs.s.uid`, else `nameid`, else `sub`. */
  readonly userId?: string;
  /** False where the third part is empty: such a token proves nothing. */
  readonly isSigned: boolean;
}

/** Why a text is no token that can be read. */
export type AccessTokenFault =
  | "empty"
  /** Not three parts with points between them: an opaque token, or none. */
  | "parts"
  /** Five parts: encrypted (RFC 7516), so that only its receiver can read it. */
  | "encrypted"
  /** The part is no base64url of a JSON object. */
  | "header"
  | "payload";

/** A text that is no token that can be read. */
export interface NoAccessToken {
  readonly kind: "no-token";
  readonly fault: AccessTokenFault;
}

/** `text` may begin with `Bearer `. Never throws. */
export function readAccessToken(text: string): AccessToken | NoAccessToken {
  const token = text.trim().replace(/^Bearer\s+/i, "");
  if (token === "") return { kind: "no-token", fault: "empty" };
  const parts = token.split(".");
  if (parts.length === 5) return { kind: "no-token", fault: "encrypted" };
  if (parts.length !== 3) return { kind: "no-token", fault: "parts" };
  const [first = "", second = "", third = ""] = parts;
  const header = objectOf(first);
  if (header === undefined) return { kind: "no-token", fault: "header" };
  const claims = objectOf(second);
  if (claims === undefined) return { kind: "no-token", fault: "payload" };
  const algorithm = header["alg"];
  return {
    kind: "token",
    header,
    claims,
    algorithm: typeof algorithm === "string" ? algorithm : "",
    length: token.length,
    audiences: audiencesOf(claims["aud"]),
    ...timeOf(claims, "iat", "issuedAt"),
    ...timeOf(claims, "nbf", "notBefore"),
    ...timeOf(claims, "exp", "expiresAt"),
    ...userOf(claims),
    isSigned: third !== "",
  };
}

function objectOf(part: string): JsonObject | undefined {
  const bytes = decodeBase64(part);
  if (bytes === undefined) return undefined;
  const { text, isValid } = decodeUtf8(bytes);
  if (!isValid) return undefined;
  const value = readJson(text, []);
  return value !== undefined && isJsonObject(value) ? value : undefined;
}

function audiencesOf(value: WireValue): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function userOf(claims: JsonObject): { readonly userId?: string } {
  for (const name of ["asrs.s.uid", "nameid", "sub"]) {
    const value = claims[name];
    if (typeof value === "string") return { userId: value };
  }
  return {};
}

/** Seconds on the wire (RFC 7519 section 2, NumericDate). */
function timeOf<As extends "issuedAt" | "notBefore" | "expiresAt">(
  claims: JsonObject,
  name: string,
  as: As,
): { readonly [key in As]?: number } {
  const seconds = claims[name];
  if (typeof seconds !== "number" || !Number.isFinite(seconds)) return {};
  return { [as]: seconds * 1000 } as { readonly [key in As]?: number };
}
