import type { Diagnosis } from "../core/src/client/diagnosis.ts";
import type { AddressFault } from "../core/src/client/hub-address.ts";
import { closeCodeText } from "../ui/texts.ts";
import { safeLine } from "../ui/value/safe-text.ts";
import type { Failure } from "./connection/failure.ts";

/** Every diagnosis in the user's words: which fault it is, and what to do. */
export function failureText(diagnosis: Diagnosis): Failure {
  switch (diagnosis.kind) {
    case "not-a-url":
      return ADDRESS_TEXTS[diagnosis.fault];
    case "mixed-content":
      return {
        what: `The browser blocks ${diagnosis.origin}: a page from https may not ask plain http on another machine.`,
        next: "Use the hub's https address, or run the playground on this machine with npm start.",
      };
    case "unreachable":
      return {
        what: `Nothing answers at ${diagnosis.origin}.`,
        next: "Check that the server runs and that host and port are right; with https, open the address in a tab to see whether the browser trusts its certificate.",
      };
    case "blocked-by-cors":
      return corsText(diagnosis);
    case "not-found":
      return {
        what: `The server answers, but has no hub at ${diagnosis.path} (404).`,
        next: "Compare the path with MapHub in the server's code; a path base or a proxy may come before it.",
      };
    case "unauthorised":
      return unauthorisedText(diagnosis);
    case "server-error":
      return {
        what: `The server failed with status ${diagnosis.status} when it was asked to negotiate.`,
        next: "The reason is in the server's log; behind a proxy, 502 to 504 mean that the proxy does not reach the server.",
      };
    case "refused":
      return refusedText(diagnosis);
    case "not-signalr":
      return notSignalrText(diagnosis);
    case "classic-signalr":
      return {
        what: "This is a classic ASP.NET SignalR server (version 2), which speaks another protocol.",
        next: "The playground connects to ASP.NET Core SignalR hubs.",
      };
    case "negotiate-error":
      return {
        what: "The server refused to negotiate.",
        next: "Its reason is below.",
        detail: safeLine(diagnosis.error),
      };
    case "unsupported-transport":
      return {
        what: `The server does not offer WebSockets${diagnosis.offered.length === 0 ? "" : `, only ${diagnosis.offered.map(safeLine).join(", ")}`}.`,
        next: "The playground connects over WebSockets: allow them in the server's MapHub options, or switch them on in IIS or the proxy.",
      };
    case "socket-refused":
      return socketRefusedText(diagnosis);
    case "handshake-rejected":
      return handshakeRejectedText(diagnosis.error);
    case "handshake-failed":
      return {
        what: "The WebSocket opened, but no SignalR handshake came back.",
        next: "Check that this address is a hub and no other WebSocket endpoint; if it is, the server's log says why it ended.",
        ...closeDetail(diagnosis.closeCode),
      };
    case "connection-lost":
      return {
        what: "The connection was lost.",
        next: "The server stopped, or the network or a proxy cut the connection.",
        ...closeDetail(diagnosis.closeCode, diagnosis.closeReason),
      };
    case "closed-by-server":
      return {
        what:
          diagnosis.error === undefined
            ? "The server closed the connection."
            : "The server closed the connection with an error.",
        next: diagnosis.error === undefined ? "Connect again if that was not meant." : CLOSED_WITH_ERROR,
        ...(diagnosis.error === undefined ? {} : { detail: safeLine(diagnosis.error) }),
      };
    case "server-timeout":
      return {
        what: "The server has sent nothing for 30 seconds, not even a ping.",
        next: "It may hang or be stopped at a breakpoint; its KeepAliveInterval has to be below 15 seconds.",
      };
    case "other":
      return {
        what: "The connection failed.",
        next: "The reason is below.",
        detail: safeLine(diagnosis.message),
      };
    default:
      return diagnosis satisfies never;
  }
}

const CLOSED_WITH_ERROR =
  "The server's log says why; EnableDetailedErrors sends the reason here. Frequent ones: a message above 32 KB, arguments that it cannot read, an exception in OnConnectedAsync.";

const ADDRESS_TEXTS: Readonly<Record<AddressFault, Failure>> = {
  empty: {
    what: "There is no address yet.",
    next: "Give the hub's address, such as https://localhost:5001/hubs/chat.",
  },
  relative: {
    what: "The address has no scheme and host.",
    next: "Give it in full, such as https://localhost:5001/hubs/chat.",
  },
  scheme: {
    what: "The address does not begin with http:// or https://.",
    next: "Put one of them before the host; ws:// and wss:// will do too.",
  },
  credentials: {
    what: "The address holds a user name or password, which browsers do not send.",
    next: "Take them out and use a token.",
  },
  malformed: {
    what: "This is not an address: host or port cannot be read.",
    next: "It looks like https://localhost:5001/hubs/chat, and a port is at most 65535.",
  },
};

type Of<K extends Diagnosis["kind"]> = Extract<Diagnosis, { kind: K }>;

const NOT_SIGNALR_NEXT: Readonly<Record<Of<"not-signalr">["answered"], string>> = {
  html: "Use the address of the hub itself; a single-page app's development server answers every path with its own page unless it is told to forward the hub's.",
  "other-json":
    "Use the address of the hub, not that of another API; a gateway may also answer in its place.",
  "not-json": "Use the address of the hub itself; a proxy or another program may answer in its place.",
  empty: "Use the address of the hub itself; a proxy may have swallowed the answer.",
};

function notSignalrText({ status, contentType, bodyStart, answered }: Of<"not-signalr">): Failure {
  const type = contentType === "" ? "" : `, ${safeLine(contentType)}`;
  return {
    what: `Something answers there (${status}${type}), but it is not SignalR.`,
    next: NOT_SIGNALR_NEXT[answered],
    ...(bodyStart === "" ? {} : { detail: safeLine(bodyStart) }),
  };
}

function corsText({ origin, pageOrigin, worksWithoutCredentials }: Of<"blocked-by-cors">): Failure {
  const what = `The server at ${origin} answers, but does not allow pages from ${pageOrigin} to read it (CORS).`;
  if (worksWithoutCredentials) {
    return {
      what,
      next: "It allows them without cookies: clear Send cookies, or add AllowCredentials() with this origin on the server.",
    };
  }
  return {
    what,
    next: `On the server, add WithOrigins("${pageOrigin}").AllowAnyHeader().AllowAnyMethod().AllowCredentials() to the CORS policy and UseCors() before the hub; check the path as well, because an answer to a wrong one often looks the same.`,
  };
}

function unauthorisedText({ status, at, tokenGiven }: Of<"unauthorised">): Failure {
  if (status === 403) {
    return {
      what: "The server knows who you are, but does not let you use this hub (403).",
      next: "Use a token with the role or policy that the hub requires.",
    };
  }
  if (at === "transport" && tokenGiven) {
    return {
      what: "The server did not accept the token on the WebSocket (401).",
      next: "Browsers send it there as access_token in the query: the server has to read it in OnMessageReceived, and a proxy must not strip it.",
    };
  }
  if (!tokenGiven) {
    return {
      what: "The hub requires authorisation (401).",
      next: "Choose Token above and paste a bearer token.",
    };
  }
  return {
    what: "The server did not accept the token (401).",
    next: "Check that it has not expired and was issued for this server.",
  };
}

function refusedText({ status, redirectedTo }: Of<"refused">): Failure {
  if (redirectedTo !== undefined) {
    return {
      what: `The address redirects to ${safeLine(redirectedTo)}, and the answer there is status ${status}.`,
      next: "Connect to the address that it redirects to, often the https one, without /negotiate.",
    };
  }
  return {
    what: `The server refused to negotiate with status ${status}.`,
    next: "A proxy or firewall may filter requests to the hub; the server's log says whether they arrive.",
  };
}

function socketRefusedText({ status, closeCode }: Of<"socket-refused">): Failure {
  const next =
    status === 404
      ? "With several servers, switch on sticky sessions or skip negotiation; otherwise check that IIS or the proxy forwards WebSockets."
      : "Check that IIS, the proxy or the firewall forwards WebSockets (Upgrade and Connection headers).";
  return {
    what: "The server is there, but the WebSocket could not be opened.",
    next,
    ...closeDetail(closeCode),
  };
}

function handshakeRejectedText(error: string): Failure {
  const detail = safeLine(error);
  if (/protocol '.*' is not supported/i.test(error)) {
    return {
      what: "The server does not speak the chosen hub protocol.",
      next: "Choose the other one, or add it on the server: AddMessagePackProtocol() for MessagePack.",
      detail,
    };
  }
  return { what: "The server rejected the handshake.", next: "Its reason is below.", detail };
}

function closeDetail(code: number | undefined, reason?: string): Pick<Failure, "detail"> {
  if (code === undefined) return {};
  const said = reason ? `, "${safeLine(reason)}"` : "";
  return { detail: `Close code ${code}: ${closeCodeText(code)}${said}` };
}
