/**
 * The page that a forever frame never stops loading: an opening, then one script a message. Read in any pieces, in
 * time linear in their length.
 *
 * @module
 */
import { utf8Length } from "../../bytes/utf8.ts";
import type { ByteLength } from "../payload.ts";
import { type DecodedClassic, decodeClassicRecord } from "./decode.ts";
import type { ConnectionKind } from "./envelope.ts";

/** One script of the page. */
export interface FrameScript {
  readonly decoded: DecodedClassic;
  /** What a WebSocket would carry; absent for the opening and for what is no message. */
  readonly json?: string;
  /** All of it, what stands before the script included. */
  readonly text: string;
  /** Bytes on the wire. */
  readonly size: ByteLength;
}

/** Never throws. What is no message is a script all the same, undecodable, with its text. */
export interface ForeverFrameParser {
  /** The scripts that this piece completes. Bytes are UTF-8 and may end within a character. */
  push(piece: string | Uint8Array): readonly FrameScript[];
  /** The page has ended: a script that was cut off, with the issue `incomplete-at-close`. */
  end(): readonly FrameScript[];
}

const SCRIPT_END = "</script>";

/** A parser for one response; `connection` as for {@link decodeClassicRecord}. */
export function createForeverFrameParser(connection?: ConnectionKind): ForeverFrameParser {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  /** Of the script that is being read; joined once, when it is complete. */
  let pieces: string[] = [];
  /** The last characters of `pieces`, in which a border may cut the end of a script. */
  let overlap = "";

  const takeText = (): string => {
    const text = pieces.join("");
    pieces = [];
    overlap = "";
    return text;
  };

  const pushText = (text: string): readonly FrameScript[] => {
    const scripts: FrameScript[] = [];
    let from = 0;
    while (from < text.length) {
      const end = endOfScript(overlap, text, from);
      if (end < 0) {
        const rest = text.slice(from);
        pieces.push(rest);
        overlap = (overlap + rest.slice(1 - SCRIPT_END.length)).slice(1 - SCRIPT_END.length);
        break;
      }
      pieces.push(text.slice(from, end));
      const whole = takeText();
      scripts.push({ ...decodeScript(whole, connection), text: whole, size: utf8Length(whole) });
      from = end;
    }
    return scripts;
  };

  return {
    push: (piece) => pushText(typeof piece === "string" ? piece : decoder.decode(piece, { stream: true })),
    end() {
      const scripts = pushText(decoder.decode());
      const text = takeText();
      if (isPageRest(text)) return scripts;
      const decoded: DecodedClassic = {
        message: { kind: "undecodable" },
        issues: [{ code: "incomplete-at-close" }],
      };
      return [...scripts, { decoded, text, size: utf8Length(text) }];
    },
  };
}

/** What stands behind a script where nothing more has come. */
function isPageRest(text: string): boolean {
  const rest = text.trim();
  return rest === "" || rest.toLowerCase() === "</head><body>";
}

/** Behind the next `</script>` at or after `from`, which may begin in what came before; −1 where there is none. */
function endOfScript(overlap: string, text: string, from: number): number {
  if (overlap !== "") {
    const head = text.slice(from, from + SCRIPT_END.length - 1);
    const at = indexOfEnd(overlap + head, 0);
    if (at >= 0) return from + at + SCRIPT_END.length - overlap.length;
  }
  const at = indexOfEnd(text, from);
  return at < 0 ? -1 : at + SCRIPT_END.length;
}

/** Tags have no case. */
function indexOfEnd(text: string, from: number): number {
  const pattern = /<\/script>/gi;
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? -1;
}

const CALL = "r(c, ";
const CALL_END = ");";

/** `text` ends with `</script>`. */
function decodeScript(text: string, connection: ConnectionKind): Pick<FrameScript, "decoded" | "json"> {
  const tag = text.search(/<script>/i);
  const content = tag < 0 ? "" : text.slice(tag + "<script>".length, -SCRIPT_END.length).trim();
  if (content.startsWith(CALL) && content.endsWith(CALL_END)) {
    const json = content.slice(CALL.length, -CALL_END.length);
    const decoded = decodeClassicRecord({ kind: "text", text: json }, { direction: "in", connection });
    return { decoded, json };
  }
  const [, frameId] = /getConnection\(\s*['"]([^'"\r\n]{0,64})['"]\s*\)/.exec(content) ?? [];
  if (frameId !== undefined)
    return { decoded: { message: { kind: "frame-initialised", frameId }, issues: [] } };
  const message = { kind: "undecodable" } as const;
  return { decoded: { message, issues: [{ code: "unusual-field", field: "script" }] } };
}

/** A plain uint32, as the server demands of the request's `frameId`; `007` is 7. */
export function isFrameId(text: string): boolean {
  return /^0*\d{1,10}$/.test(text) && Number(text) <= 0xffff_ffff;
}

/** The first chunk of the page. Throws a TypeError on what is no frame ID: the server would answer 500. */
export function frameOpening(frameId: string): string {
  if (!isFrameId(frameId)) throw new TypeError(`a frame ID is a number of 32 bits, not ${frameId}`);
  return (
    "<!DOCTYPE html><html><head><title>SignalR Forever Frame Transport Stream</title>\r\n<script>\r\n" +
    "    var $ = window.parent.jQuery,\r\n" +
    "        ff = $ ? $.signalR.transports.foreverFrame : null,\r\n" +
    `        c =  ff ? ff.getConnection('${Number(frameId)}') : null,\r\n` +
    "        r = ff ? ff.receive : function() {};\r\n" +
    "    ff ? ff.started(c) : '';</script></head><body>\r\n"
  );
}

/** One message as a script. No text of it can end the script. */
export function frameScriptText(json: string): string {
  return `<script>${CALL}${escapeForFrame(json)}${CALL_END}${SCRIPT_END}\r\n`;
}

/** `<` and `>` as escapes, which JSON allows within strings, and they stand nowhere else. */
export function escapeForFrame(json: string): string {
  return json.replaceAll("<", "\\u003c").replaceAll(">", "\\u003e");
}
