/**
 * The rows of the vector files in a real browser, whose engine may differ from Node's in JSON, text and regular expressions:
 * the same tests, so that no row can be missing here.
 *
 * @module
 */
import "./blazorpack/hub-methods.test.ts";
import "./classic/vectors.test.ts";
import "./detect-protocol.test.ts";
import "./framing.test.ts";
import "./framing/event-stream.test.ts";
import "./handshake.test.ts";
import "./hub-protocol-vectors.test.ts";
import "./iris/vectors.test.ts";
import "./json-exactness.test.ts";
import "./json-least-length.test.ts";
import "./negotiate.test.ts";
import "./plain/vectors.test.ts";
import "./refresh.test.ts";
