import type { AddressFault } from "./hub-address.ts";

/** Why a client is not connected, as far as it can be known. Facts only: the words for people are the view's. */
export type Diagnosis =
  | { readonly kind: "not-a-url"; readonly fault: AddressFault }
  /** A page from https asks for http (or ws) on another machine, which browsers block. */
  | { readonly kind: "mixed-content"; readonly origin: string; readonly pageOrigin: string }
  /** Nothing answers at the origin: no server, a wrong port, a TLS certificate that is not trusted, a firewall. */
  | { readonly kind: "unreachable"; readonly origin: string }
  /** Something answers at the origin, but the browser does not let this page read it. */
  | {
      readonly kind: "blocked-by-cors";
      readonly origin: string;
      readonly pageOrigin: string;
      /** The server allows the page as long as it sends no cookies. */
      readonly worksWithoutCredentials: boolean;
    }
  /** 404 at `path`, the hub's path without `/negotiate`. */
  | { readonly kind: "not-found"; readonly path: string }
  | {
      readonly kind: "unauthorised";
      readonly status: 401 | 403;
      /** Which request was refused. `transport`: negotiate was accepted, the token in the query was not. */
      readonly at: "negotiate" | "transport";
      readonly tokenGiven: boolean;
    }
  | { readonly kind: "server-error"; readonly status: number }
  /** Any other HTTP status. 405 after `redirectedTo`: an HTTP redirect turned the POST into a GET. */
  | { readonly kind: "refused"; readonly status: number; readonly redirectedTo?: string }
  | {
      readonly kind: "not-signalr";
      /** What it is instead: a web page, nothing, some other text or JSON. */
      readonly answered: "html" | "empty" | "not-json" | "other-json";
      readonly status: number;
      readonly contentType: string;
      /** At most 200 characters. */
      readonly bodyStart: string;
    }
  | { readonly kind: "classic-signalr" }
  | { readonly kind: "negotiate-error"; readonly error: string }
  | { readonly kind: "unsupported-transport"; readonly offered: readonly string[] }
  /**
   * The WebSocket did not open although the server is there: a proxy without WebSockets, WebSockets switched off,
   * a second server that does not know the connection. `status`: what a plain GET to the same address gives.
   */
  | { readonly kind: "socket-refused"; readonly closeCode?: number; readonly status?: number }
  | { readonly kind: "handshake-rejected"; readonly error: string }
  | { readonly kind: "handshake-failed"; readonly closeCode?: number }
  | { readonly kind: "connection-lost"; readonly closeCode?: number; readonly closeReason?: string }
  | { readonly kind: "closed-by-server"; readonly error?: string; readonly allowReconnect: boolean }
  | { readonly kind: "server-timeout" }
  /** Not a failure of the connection; the message is the error's. */
  | { readonly kind: "other"; readonly message: string };
