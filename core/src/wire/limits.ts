/** Every limit of the decoders, each with its reason. What exceeds one becomes an issue, never a throw. */

/**
 * Arrays and objects within each other, the record's own included. .NET stops at 64 for JSON and at 500 for
 * MessagePack; beyond 512 a value could overflow the stack of whoever walks it (views, structured clone).
 */
export const MAX_DEPTH = 512;

/** What .NET's JSON reader accepts. Deeper records still decode, with an issue: the receiver ends the connection. */
export const MAX_DEPTH_OF_DOTNET_JSON = 64;

/** 2 GiB − 1: the longest record that a length prefix may announce. HubProtocol.md, "Binary encoding". */
export const MAX_RECORD_LENGTH = 0x7fff_ffff;

/** A length prefix carries 31 bits in groups of 7. */
export const MAX_LENGTH_PREFIX_SIZE = 5;

/**
 * Records longer than this (UTF-16 units) are not searched for duplicate keys, which costs more than parsing them:
 * duplicate keys come from hand-written messages, and those are short.
 */
export const MAX_LENGTH_FOR_DUPLICATE_SEARCH: number = 64 * 1024;

/** Characters of an offending value or engine message in an issue's detail: one line of a panel. */
export const MAX_DETAIL_LENGTH = 120;

/** Issues a record may carry. A hostile record may have one a byte; nobody reads more than the first few. */
export const MAX_ISSUES = 64;

/**
 * Exponents beyond this magnitude are not compared digit by digit: no double reaches them, so the number is kept
 * by its source text, and `1e999999999` costs nothing.
 */
export const MAX_EXPONENT = 400;

/** Characters of a hub call's state that a classic server accepts (HubDispatcher); beyond, it never answers. */
export const MAX_CALL_STATE_LENGTH = 4096;

/** Bytes of a WebSocket message that a classic server accepts by default (MaxIncomingWebSocketMessageSize). */
export const MAX_CLASSIC_SOCKET_MESSAGE: number = 64 * 1024;

/** Bytes of a WebSocket message that an iris server accepts by default (8 to 11.1.1: MaxMessageSize). */
export const MAX_IRIS_MESSAGE = 1024;

/**
 * Bytes that a compressed value may unpack to. LZ4 expands up to 255 times: a message at the default limit of a server
 * (32 KiB) stays far below, and a larger one should not take the panel's memory.
 */
export const MAX_UNPACKED_SIZE: number = 64 * 1024 * 1024;
